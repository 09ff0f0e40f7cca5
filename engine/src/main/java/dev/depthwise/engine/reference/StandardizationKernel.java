package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Standardization;

final class StandardizationKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    Shape shape = step.output().shape();
    int plane = shape.height() * shape.width();
    double[] mean = memory.parameter(step, Role.MEAN);
    double[] variance = memory.parameter(step, Role.VARIANCE);
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    for (int index = 0; index < memory.count() * shape.size(); index++) {
      int channel = index / plane % shape.channels();
      output[index] = (input[index] - mean[channel]) / deviation(variance[channel]);
    }
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    Slot slot = step.inputGradient();
    if (slot == null) {
      return;
    }
    Shape shape = step.outputGradient().shape();
    int plane = shape.height() * shape.width();
    double[] variance = memory.parameter(step, Role.VARIANCE);
    double[] inputGradient = memory.get(slot);
    for (int index = 0; index < memory.count() * shape.size(); index++) {
      int channel = index / plane % shape.channels();
      inputGradient[index] = outputGradient[index] / deviation(variance[channel]);
    }
  }

  private static double deviation(double variance) {
    return Math.sqrt(variance + Standardization.EPSILON);
  }
}
