package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.network.Crop;
import java.util.Objects;

final class CropKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    double[] input = memory.get(step.inputs().get(0));
    border(step).cut(input, memory.get(step.output()), memory.count());
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    double[] inputGradient = memory.get(Objects.requireNonNull(step.inputGradient()));
    border(step.forward()).paste(outputGradient, inputGradient, memory.count());
  }

  private static Border border(Forward step) {
    Crop crop = (Crop) step.op();
    return new Border(step.inputs().get(0).shape(), step.output().shape(), crop.top(), crop.left());
  }
}
