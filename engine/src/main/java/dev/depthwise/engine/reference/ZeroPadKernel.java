package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.network.ZeroPad;
import java.util.Arrays;
import java.util.Objects;

final class ZeroPadKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    double[] output = memory.get(step.output());
    Arrays.fill(output, 0);
    border(step).paste(memory.get(step.inputs().get(0)), output, memory.count());
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    double[] inputGradient = memory.get(Objects.requireNonNull(step.inputGradient()));
    border(step.forward()).cut(outputGradient, inputGradient, memory.count());
  }

  private static Border border(Forward step) {
    ZeroPad pad = (ZeroPad) step.op();
    return new Border(step.output().shape(), step.inputs().get(0).shape(), pad.top(), pad.left());
  }
}
