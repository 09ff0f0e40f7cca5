package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import java.util.Objects;

/** A copy: slots lie in NCHW order, which is the order of the vector. */
final class FlattenKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    int size = memory.count() * step.output().shape().size();
    System.arraycopy(memory.get(step.inputs().get(0)), 0, memory.get(step.output()), 0, size);
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    int size = memory.count() * step.outputGradient().shape().size();
    double[] inputGradient = memory.get(Objects.requireNonNull(step.inputGradient()));
    System.arraycopy(outputGradient, 0, inputGradient, 0, size);
  }
}
