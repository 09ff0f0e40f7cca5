package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.network.Scale;
import java.util.Objects;

final class ScaleKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    double factor = ((Scale) step.op()).factor();
    for (int index = 0; index < memory.count() * step.output().shape().size(); index++) {
      output[index] = input[index] * factor;
    }
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    double[] inputGradient = memory.get(Objects.requireNonNull(step.inputGradient()));
    double factor = ((Scale) step.op()).factor();
    for (int index = 0; index < memory.count() * step.outputGradient().shape().size(); index++) {
      inputGradient[index] = outputGradient[index] * factor;
    }
  }
}
