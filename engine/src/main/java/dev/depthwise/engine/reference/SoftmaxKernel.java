package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import java.util.Objects;

final class SoftmaxKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    int length = step.output().shape().size();
    for (int start = 0; start < memory.count() * length; start += length) {
      // The exponential of a large logit overflows, unless the largest becomes 0.
      double largest = Double.NEGATIVE_INFINITY;
      for (int index = start; index < start + length; index++) {
        largest = Math.max(largest, input[index]);
      }
      double sum = 0;
      for (int index = start; index < start + length; index++) {
        output[index] = Math.exp(input[index] - largest);
        sum += output[index];
      }
      for (int index = start; index < start + length; index++) {
        output[index] /= sum;
      }
    }
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    double[] output = memory.get(step.forward().output());
    double[] inputGradient = memory.get(Objects.requireNonNull(step.inputGradient()));
    int length = step.outputGradient().shape().size();
    for (int start = 0; start < memory.count() * length; start += length) {
      double mean = 0;
      for (int index = start; index < start + length; index++) {
        mean += output[index] * outputGradient[index];
      }
      for (int index = start; index < start + length; index++) {
        inputGradient[index] = output[index] * (outputGradient[index] - mean);
      }
    }
  }
}
