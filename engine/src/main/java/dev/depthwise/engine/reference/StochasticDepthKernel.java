package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.DropoutMask;
import dev.depthwise.engine.Forward;
import dev.depthwise.network.StochasticDepth;
import java.util.Arrays;
import java.util.Objects;

/** Its workspace keeps what each picture is multiplied with. */
final class StochasticDepthKernel implements Kernel {
  @Override
  public int workspaceSize(Forward step, int batch) {
    return batch;
  }

  @Override
  public void forward(Forward step, Memory memory) {
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    double[] factors =
        step.workspace() == null ? new double[memory.count()] : memory.get(step.workspace());
    if (step.training()) {
      double rate = ((StochasticDepth) step.op()).rate();
      long key = DropoutMask.key(memory.seed(), memory.step(), step.name());
      for (int picture = 0; picture < memory.count(); picture++) {
        factors[picture] = DropoutMask.factor(key, picture, rate);
      }
    } else {
      Arrays.fill(factors, 1);
    }
    multiply(input, factors, step.output().shape().size(), output, memory.count());
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    double[] factors = memory.get(Objects.requireNonNull(step.forward().workspace()));
    double[] inputGradient = memory.get(Objects.requireNonNull(step.inputGradient()));
    int size = step.outputGradient().shape().size();
    multiply(outputGradient, factors, size, inputGradient, memory.count());
  }

  private static void multiply(
      double[] input, double[] factors, int size, double[] output, int count) {
    for (int index = 0; index < count * size; index++) {
      output[index] = input[index] * factors[index / size];
    }
  }
}
