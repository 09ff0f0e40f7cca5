package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;

final class ConcatKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    double[] output = memory.get(step.output());
    int whole = step.output().shape().size();
    int offset = 0;
    for (Slot part : step.inputs()) {
      double[] input = memory.get(part);
      int size = part.shape().size();
      for (int picture = 0; picture < memory.count(); picture++) {
        System.arraycopy(input, picture * size, output, picture * whole + offset, size);
      }
      offset += size;
    }
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    int whole = step.outputGradient().shape().size();
    int offset = 0;
    for (int index = 0; index < step.inputGradients().size(); index++) {
      int size = step.forward().inputs().get(index).shape().size();
      Slot slot = step.inputGradients().get(index);
      if (slot != null) {
        double[] inputGradient = memory.get(slot);
        for (int picture = 0; picture < memory.count(); picture++) {
          System.arraycopy(
              outputGradient, picture * whole + offset, inputGradient, picture * size, size);
        }
      }
      offset += size;
    }
  }
}
