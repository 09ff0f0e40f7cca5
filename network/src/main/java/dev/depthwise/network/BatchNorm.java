package dev.depthwise.network;

import java.util.ArrayList;
import java.util.List;

/**
 * Batch normalisation per channel (Ioffe and Szegedy 2015): {@code scale * (x - mean) /
 * sqrt(variance + epsilon) + shift}.
 *
 * <p>In training, mean and (biased) variance are the batch's, and the running ones move towards the
 * batch's mean and unbiased variance: {@code running += momentum * (batch - running)}, as PyTorch
 * and TensorFlow's fused kernel have it. Keras writes this momentum as {@code 1 - momentum}.
 *
 * @param epsilon added to the variance; positive
 * @param momentum in [0, 1], how far the running statistics move at each step
 * @param scale whether it learns a scale; without, it is 1
 */
public record BatchNorm(double epsilon, double momentum, boolean scale) implements Op {
  public BatchNorm {
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("epsilon must be positive, was " + epsilon);
    }
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException("momentum must be in [0, 1], was " + momentum);
    }
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.onlyPicture(inputs);
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    Shape channels = Shape.of(inputs.get(0).channels());
    List<Parameter> parameters = new ArrayList<>();
    if (scale) {
      parameters.add(new Parameter(Role.SCALE, channels));
    }
    parameters.add(new Parameter(Role.SHIFT, channels));
    parameters.add(new Parameter(Role.MEAN, channels));
    parameters.add(new Parameter(Role.VARIANCE, channels));
    return parameters;
  }
}
