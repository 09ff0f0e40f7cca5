package dev.depthwise.network;

import java.util.List;
import java.util.Locale;

/**
 * A function of each element by itself; the rectifier, {@link Relu}, is an operation of its own.
 *
 * @param function which one
 * @param alpha what the function says of it, positive; 0 for a function that has no alpha
 */
public record Activation(Function function, double alpha) implements Op {
  /** The functions. */
  public enum Function {
    /**
     * {@code x} above 0, else {@code alpha * (exp(x) - 1)} (Clevert et al. 2016, "Fast and Accurate
     * Deep Network Learning by Exponential Linear Units", equation 15).
     */
    ELU(true),
    /**
     * {@code x * (1 + erf(x / sqrt(2))) / 2} (Hendrycks and Gimpel 2016, "Gaussian Error Linear
     * Units", Section 2).
     */
    GELU(false),
    /** GELU's approximation by a hyperbolic tangent (same section). */
    GELU_TANH(false),
    /**
     * {@code alpha * x + 1/2}, held in [0, 1]. Alpha is 1/6 in MobileNetV3 (Howard et al. 2019,
     * Section 5.2), in PyTorch and in Keras 3; 1/5 in Keras 2.
     */
    HARD_SIGMOID(true),
    /**
     * {@code x * min(max(x + 3, 0), 6) / 6} (Howard et al. 2019, "Searching for MobileNetV3",
     * Section 5.2).
     */
    HARD_SWISH(false),
    /**
     * {@code x} above 0, else {@code alpha * x} (Maas et al. 2013, "Rectifier Nonlinearities
     * Improve Neural Network Acoustic Models", Section 2).
     */
    LEAKY_RELU(true),
    /** {@code min(max(x, 0), 6)} (Sandler et al. 2018, "MobileNetV2", Section 3). */
    RELU6(false),
    /** {@code 1 / (1 + exp(-x))}. */
    SIGMOID(false),
    /**
     * {@code x / (1 + exp(-alpha * x))} (Ramachandran et al. 2017, "Searching for Activation
     * Functions", Section 4); SiLU where alpha is 1.
     */
    SWISH(true),
    /** The hyperbolic tangent. */
    TANH(false);

    private final boolean hasAlpha;

    Function(boolean hasAlpha) {
      this.hasAlpha = hasAlpha;
    }
  }

  public Activation {
    if (function.hasAlpha ? !(alpha > 0 && Double.isFinite(alpha)) : alpha != 0) {
      throw new IllegalArgumentException(
          "alpha of %s must be %s, was %s"
              .formatted(function, function.hasAlpha ? "positive" : "0, as it has none", alpha));
    }
  }

  /** A function without alpha. */
  public static Activation of(Function function) {
    return new Activation(function, 0);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.only(inputs);
  }

  @Override
  public String description() {
    String name = function.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return function.hasAlpha ? name + ", alpha " + alpha : name;
  }
}
