package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.network.Shape;
import java.util.Arrays;
import java.util.Objects;

final class GlobalAveragePoolKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    Shape picture = step.inputs().get(0).shape();
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    int plane = picture.height() * picture.width();
    for (int channel = 0; channel < memory.count() * picture.channels(); channel++) {
      double sum = 0;
      for (int index = channel * plane; index < (channel + 1) * plane; index++) {
        sum += input[index];
      }
      output[channel] = sum / plane;
    }
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    Shape picture = step.forward().inputs().get(0).shape();
    double[] inputGradient = memory.get(Objects.requireNonNull(step.inputGradient()));
    int plane = picture.height() * picture.width();
    for (int channel = 0; channel < memory.count() * picture.channels(); channel++) {
      Arrays.fill(
          inputGradient, channel * plane, (channel + 1) * plane, outputGradient[channel] / plane);
    }
  }
}
