package dev.depthwise.network;

import java.util.List;

/**
 * Local response normalisation across channels (Krizhevsky et al. 2012, Section 3.3): {@code x / (k
 * + alpha * sum)^beta}, with the sum of the squares of the {@code size} channels around the
 * element's own, at its place; beyond the first and the last channel they count as 0.
 *
 * <p>This alpha weighs a <em>sum</em>, as in the paper, cuda-convnet and TensorFlow. PyTorch, Caffe
 * and ONNX weigh the mean over {@code size} channels: {@link #ofMean} takes their numbers.
 *
 * @param size channels that are looked at, odd, the element's own in the middle; 5 in the paper
 * @param alpha weight of the sum of squares, not negative; 1e-4 in the paper
 * @param beta the exponent, not negative; 0.75 in the paper
 * @param k positive; 2 in the paper
 */
public record LocalResponseNorm(int size, double alpha, double beta, double k) implements Op {
  public LocalResponseNorm {
    if (size < 1 || size % 2 == 0) {
      throw new IllegalArgumentException(
          "the size must be odd, so that a channel is in the middle, was " + size);
    }
    if (!(alpha >= 0 && beta >= 0 && k > 0) || Double.isInfinite(alpha + beta + k)) {
      throw new IllegalArgumentException(
          "alpha and beta must not be negative and k must be positive, were %s, %s and %s"
              .formatted(alpha, beta, k));
    }
  }

  /**
   * One whose alpha weighs the mean of the squares, as in PyTorch, Caffe and ONNX.
   *
   * @param alpha weight of the mean over {@code size} channels, also where fewer exist
   */
  public static LocalResponseNorm ofMean(int size, double alpha, double beta, double k) {
    return new LocalResponseNorm(size, alpha / size, beta, k);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.onlyPicture(inputs);
  }

  @Override
  public String description() {
    return "LocalResponseNorm " + size;
  }
}
