package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Dense;
import dev.depthwise.network.Role;

final class DenseKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    double[] kernel = memory.parameter(step, Role.KERNEL);
    int length = step.inputs().get(0).shape().size();
    int units = step.output().shape().size();
    boolean biased = ((Dense) step.op()).bias();
    double[] bias = biased ? memory.parameter(step, Role.BIAS) : new double[units];
    for (int picture = 0; picture < memory.count(); picture++) {
      for (int unit = 0; unit < units; unit++) {
        double sum = bias[unit];
        for (int index = 0; index < length; index++) {
          sum += kernel[unit * length + index] * input[picture * length + index];
        }
        output[picture * units + unit] = sum;
      }
    }
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    int length = step.forward().inputs().get(0).shape().size();
    int units = step.outputGradient().shape().size();
    Slot slot = step.inputGradient();
    for (int picture = 0; picture < memory.count(); picture++) {
      int start = picture * length;
      for (int unit = 0; unit < units; unit++) {
        double gradient = outputGradient[picture * units + unit];
        if (slot != null) {
          double[] kernel = memory.parameter(step, Role.KERNEL);
          double[] inputGradient = memory.get(slot);
          for (int index = 0; index < length; index++) {
            inputGradient[start + index] += kernel[unit * length + index] * gradient;
          }
        }
        if (step.parameterGradients().contains(Role.KERNEL)) {
          double[] input = memory.get(step.forward().inputs().get(0));
          double[] kernelGradient = memory.gradient(step, Role.KERNEL);
          for (int index = 0; index < length; index++) {
            kernelGradient[unit * length + index] += input[start + index] * gradient;
          }
        }
        if (step.parameterGradients().contains(Role.BIAS)) {
          memory.gradient(step, Role.BIAS)[unit] += gradient;
        }
      }
    }
  }
}
