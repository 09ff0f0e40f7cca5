package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;

final class LayerScaleKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    multiply(
        memory.parameter(step, Role.LAYER_SCALE),
        step.output().shape(),
        memory.get(step.inputs().get(0)),
        memory.get(step.output()),
        memory.count());
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    Shape shape = step.outputGradient().shape();
    Slot slot = step.inputGradient();
    if (slot != null) {
      double[] scale = memory.parameter(step, Role.LAYER_SCALE);
      multiply(scale, shape, outputGradient, memory.get(slot), memory.count());
    }
    if (step.parameterGradients().contains(Role.LAYER_SCALE)) {
      double[] input = memory.get(step.forward().inputs().get(0));
      double[] gradient = memory.gradient(step, Role.LAYER_SCALE);
      int plane = shape.height() * shape.width();
      for (int index = 0; index < memory.count() * shape.size(); index++) {
        gradient[index / plane % shape.channels()] += outputGradient[index] * input[index];
      }
    }
  }

  private static void multiply(
      double[] scale, Shape shape, double[] input, double[] output, int count) {
    int plane = shape.height() * shape.width();
    for (int index = 0; index < count * shape.size(); index++) {
      output[index] = input[index] * scale[index / plane % shape.channels()];
    }
  }
}
