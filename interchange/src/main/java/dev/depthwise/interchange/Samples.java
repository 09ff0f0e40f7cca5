package dev.depthwise.interchange;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Shape;
import java.util.Collections;
import java.util.Locale;

/**
 * How the samples of a picture, 0 to 255, become the numbers that a network takes. Files of models
 * do not say it, except where the network does it itself.
 */
public enum Samples {
  /** As they are, 0 to 255: for networks that rescale by themselves. */
  RAW,
  /** Divided by 255: 0 to 1. */
  UNIT,
  /** Keras' mode "tf": -1 to 1. */
  TF,
  /** Keras' mode "torch", and torchvision's: 0 to 1, less ImageNet's mean, by its deviation. */
  TORCH,
  /** Keras' mode "caffe": blue, green, red, less ImageNet's mean. */
  CAFFE;

  /** What makes inputs of that shape from pictures, stretched to size. */
  Preprocessing preprocessing(Shape input) {
    if (input.channels() != 1 && input.channels() != 3) {
      throw new InputException(
          "takes %d channels; pictures have 1 or 3".formatted(input.channels()));
    }
    if (input.channels() == 1 && (this == TORCH || this == CAFFE)) {
      throw new InputException(
          "takes grey pictures; their samples can be raw, unit or tf, not "
              + name().toLowerCase(Locale.ROOT));
    }
    int height = input.height();
    int width = input.width();
    return switch (this) {
      case RAW -> plain(input, 1, 0);
      case UNIT -> plain(input, 255, 0);
      case TF -> plain(input, 127.5, 1);
      case TORCH -> Preprocessing.torch(height, width);
      case CAFFE -> Preprocessing.caffe(height, width);
    };
  }

  private static Preprocessing plain(Shape input, double divisor, double mean) {
    return Preprocessing.stretched(
            input.channels(),
            input.height(),
            input.width(),
            Collections.nCopies(input.channels(), mean),
            Collections.nCopies(input.channels(), 1.0))
        .withDivisor(divisor);
  }
}
