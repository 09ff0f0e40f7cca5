package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import java.util.Arrays;
import java.util.Objects;

final class PadChannelsKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    int size = step.inputs().get(0).shape().size();
    int padded = step.output().shape().size();
    for (int picture = 0; picture < memory.count(); picture++) {
      System.arraycopy(input, picture * size, output, picture * padded, size);
      Arrays.fill(output, picture * padded + size, (picture + 1) * padded, 0);
    }
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    double[] inputGradient = memory.get(Objects.requireNonNull(step.inputGradient()));
    int size = step.forward().inputs().get(0).shape().size();
    int padded = step.outputGradient().shape().size();
    for (int picture = 0; picture < memory.count(); picture++) {
      System.arraycopy(outputGradient, picture * padded, inputGradient, picture * size, size);
    }
  }
}
