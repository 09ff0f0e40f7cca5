package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.network.Activation;
import dev.depthwise.network.Op;
import java.util.Objects;

final class ActivationKernel implements Kernel {
  /** sqrt(2 / pi). */
  private static final double TANH_FACTOR = Math.sqrt(2 / Math.PI);

  /** Of the cubic term within the hyperbolic tangent that approximates GELU. */
  private static final double TANH_CUBIC = 0.044715;

  @Override
  public void forward(Forward step, Memory memory) {
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    for (int index = 0; index < memory.count() * step.output().shape().size(); index++) {
      output[index] = value(step.op(), input[index]);
    }
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    boolean byOutput = step.saved().contains(Backward.Saved.OUTPUT);
    double[] kept = memory.get(byOutput ? step.forward().output() : step.forward().inputs().get(0));
    double[] inputGradient = memory.get(Objects.requireNonNull(step.inputGradient()));
    Activation activation = (Activation) step.op();
    for (int index = 0; index < memory.count() * step.outputGradient().shape().size(); index++) {
      inputGradient[index] = outputGradient[index] * derivative(activation, kept[index]);
    }
  }

  /** What a function makes of an element; any other operation than these is the rectifier. */
  static double value(Op function, double x) {
    if (!(function instanceof Activation activation)) {
      return Math.max(x, 0);
    }
    double alpha = activation.alpha();
    return switch (activation.function()) {
      case ELU -> x > 0 ? x : alpha * Math.expm1(x);
      case GELU -> x * normal(x);
      case GELU_TANH -> x * (1 + Math.tanh(inner(x))) / 2;
      case HARD_SIGMOID -> clip(alpha * x + 0.5, 1);
      case HARD_SWISH -> x * clip(x + 3, 6) / 6;
      case LEAKY_RELU -> x > 0 ? x : alpha * x;
      case RELU6 -> clip(x, 6);
      case SIGMOID -> sigmoid(x);
      case SWISH -> x * sigmoid(alpha * x);
      case TANH -> Math.tanh(x);
    };
  }

  /**
   * The derivative at an element.
   *
   * @param kept the element of the input, or of the output where the derivative follows from that
   */
  private static double derivative(Activation activation, double kept) {
    double alpha = activation.alpha();
    return switch (activation.function()) {
      case ELU -> kept > 0 ? 1 : kept + alpha;
      case GELU -> normal(kept) + kept * Math.exp(-kept * kept / 2) / Math.sqrt(2 * Math.PI);
      case GELU_TANH -> {
        double tanh = Math.tanh(inner(kept));
        double slope = TANH_FACTOR * (1 + 3 * TANH_CUBIC * kept * kept);
        yield (1 + tanh + kept * (1 - tanh * tanh) * slope) / 2;
      }
      case HARD_SIGMOID -> Math.abs(alpha * kept) < 0.5 ? alpha : 0;
      case HARD_SWISH -> kept <= -3 ? 0 : kept >= 3 ? 1 : kept / 3 + 0.5;
      case LEAKY_RELU -> kept > 0 ? 1 : alpha;
      case RELU6 -> kept > 0 && kept < 6 ? 1 : 0;
      case SIGMOID -> kept * (1 - kept);
      case SWISH -> {
        double sigmoid = sigmoid(alpha * kept);
        yield sigmoid * (1 + alpha * kept * (1 - sigmoid));
      }
      case TANH -> 1 - kept * kept;
    };
  }

  private static double clip(double x, double most) {
    return Math.min(Math.max(x, 0), most);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double inner(double x) {
    return TANH_FACTOR * (x + TANH_CUBIC * x * x * x);
  }

  /** The normal distribution function, {@code (1 + erf(x / sqrt(2))) / 2}. */
  private static double normal(double x) {
    // Its series has terms of one sign only, so that nothing cancels (Abramowitz and Stegun 1964,
    // 26.2.11); beyond 9 what is missing from 1 is below double precision.
    if (Math.abs(x) > 9) {
      return x > 0 ? 1 : 0;
    }
    double term = x;
    double sum = x;
    for (int odd = 3; Math.abs(term) > 1e-18 * Math.abs(sum); odd += 2) {
      term *= x * x / odd;
      sum += term;
    }
    return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }
}
