package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.network.AveragePool;
import java.util.Objects;

final class AveragePoolKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    AveragePool pool = (AveragePool) step.op();
    Places.visit(
        step,
        pool.window(),
        memory.count(),
        (place, inputs, seen) -> {
          double sum = 0;
          for (int index = 0; index < seen; index++) {
            sum += input[inputs[index]];
          }
          output[place] = sum / divisor(pool, seen);
        });
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    double[] inputGradient = memory.get(Objects.requireNonNull(step.inputGradient()));
    AveragePool pool = (AveragePool) step.op();
    Places.visit(
        step.forward(),
        pool.window(),
        memory.count(),
        (place, inputs, seen) -> {
          for (int index = 0; index < seen; index++) {
            inputGradient[inputs[index]] += outputGradient[place] / divisor(pool, seen);
          }
        });
  }

  private static int divisor(AveragePool pool, int seen) {
    return pool.countPadding() ? pool.window().kernelHeight() * pool.window().kernelWidth() : seen;
  }
}
