package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;

final class PReluKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    double[] slopes = memory.parameter(step, Role.SLOPE);
    Shape shape = step.output().shape();
    for (int index = 0; index < memory.count() * shape.size(); index++) {
      double slope = slopes[channel(shape, index) % slopes.length];
      output[index] = input[index] > 0 ? input[index] : slope * input[index];
    }
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    double[] input = memory.get(step.forward().inputs().get(0));
    double[] slopes = memory.parameter(step, Role.SLOPE);
    Shape shape = step.outputGradient().shape();
    Slot slot = step.inputGradient();
    boolean learns = step.parameterGradients().contains(Role.SLOPE);
    for (int index = 0; index < memory.count() * shape.size(); index++) {
      // One slope for all channels is every channel's.
      int channel = channel(shape, index) % slopes.length;
      boolean above = input[index] > 0;
      if (slot != null) {
        memory.get(slot)[index] = outputGradient[index] * (above ? 1 : slopes[channel]);
      }
      if (learns && !above) {
        memory.gradient(step, Role.SLOPE)[channel] += outputGradient[index] * input[index];
      }
    }
  }

  private static int channel(Shape shape, int index) {
    return index / (shape.height() * shape.width()) % shape.channels();
  }
}
