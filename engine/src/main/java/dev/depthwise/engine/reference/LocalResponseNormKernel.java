package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.LocalResponseNorm;
import dev.depthwise.network.Shape;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;

/** Its workspace keeps what is raised to the power: {@code k + alpha * sum}. */
final class LocalResponseNormKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    LocalResponseNorm norm = (LocalResponseNorm) step.op();
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    Slot workspace = step.workspace();
    double[] bases = workspace == null ? new double[output.length] : memory.get(workspace);
    for (int index = 0; index < memory.count() * step.output().shape().size(); index++) {
      bases[index] =
          norm.k() + norm.alpha() * sum(step, norm, index, other -> input[other] * input[other]);
      output[index] = input[index] * Math.pow(bases[index], -norm.beta());
    }
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    LocalResponseNorm norm = (LocalResponseNorm) step.op();
    Forward forward = step.forward();
    double[] input = memory.get(forward.inputs().get(0));
    double[] bases = memory.get(Objects.requireNonNull(forward.workspace()));
    double[] inputGradient = memory.get(Objects.requireNonNull(step.inputGradient()));
    for (int index = 0; index < memory.count() * forward.output().shape().size(); index++) {
      double others =
          sum(
              forward,
              norm,
              index,
              other ->
                  outputGradient[other] * input[other] * Math.pow(bases[other], -norm.beta() - 1));
      inputGradient[index] =
          outputGradient[index] * Math.pow(bases[index], -norm.beta())
              - 2 * norm.alpha() * norm.beta() * input[index] * others;
    }
  }

  /** A sum over the channels around an element's own, at its place. */
  private static double sum(
      Forward step, LocalResponseNorm norm, int index, IntToDoubleFunction summand) {
    Shape shape = step.output().shape();
    int plane = shape.height() * shape.width();
    int channel = index / plane % shape.channels();
    int first = Math.max(0, channel - norm.size() / 2);
    int last = Math.min(shape.channels() - 1, channel + norm.size() / 2);
    double sum = 0;
    for (int other = first; other <= last; other++) {
      sum += summand.applyAsDouble(index + (other - channel) * plane);
    }
    return sum;
  }
}
