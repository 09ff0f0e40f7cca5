package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Subsample;
import java.util.Objects;

final class SubsampleKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    for (int index = 0; index < memory.count() * step.output().shape().size(); index++) {
      output[index] = input[source(step, index)];
    }
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    double[] inputGradient = memory.get(Objects.requireNonNull(step.inputGradient()));
    for (int index = 0; index < memory.count() * step.outputGradient().shape().size(); index++) {
      inputGradient[source(step.forward(), index)] = outputGradient[index];
    }
  }

  /** Where in the input an element of the output comes from. */
  private static int source(Forward step, int index) {
    Shape input = step.inputs().get(0).shape();
    Shape output = step.output().shape();
    int stride = ((Subsample) step.op()).stride();
    int column = index % output.width();
    int row = index / output.width() % output.height();
    int plane = index / (output.width() * output.height());
    return (plane * input.height() + row * stride) * input.width() + column * stride;
  }
}
