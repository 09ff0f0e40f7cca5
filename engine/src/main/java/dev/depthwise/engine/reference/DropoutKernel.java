package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.DropoutMask;
import dev.depthwise.engine.Forward;
import dev.depthwise.network.Dropout;
import java.util.Arrays;
import java.util.Objects;

/** Multiplies with the mask, which its workspace keeps. */
final class DropoutKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    double[] mask =
        step.workspace() == null ? new double[input.length] : memory.get(step.workspace());
    int size = memory.count() * step.output().shape().size();
    if (step.training()) {
      double rate = ((Dropout) step.op()).rate();
      long key = DropoutMask.key(memory.seed(), memory.step(), step.name());
      for (int index = 0; index < size; index++) {
        mask[index] = DropoutMask.factor(key, index, rate);
      }
    } else {
      Arrays.fill(mask, 1);
    }
    for (int index = 0; index < size; index++) {
      output[index] = input[index] * mask[index];
    }
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    double[] mask = memory.get(Objects.requireNonNull(step.forward().workspace()));
    double[] inputGradient = memory.get(Objects.requireNonNull(step.inputGradient()));
    for (int index = 0; index < memory.count() * step.outputGradient().shape().size(); index++) {
      inputGradient[index] = outputGradient[index] * mask[index];
    }
  }
}
