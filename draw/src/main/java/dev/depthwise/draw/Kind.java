package dev.depthwise.draw;

import dev.depthwise.network.Add;
import dev.depthwise.network.AveragePool;
import dev.depthwise.network.Concat;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Crop;
import dev.depthwise.network.Dense;
import dev.depthwise.network.Flatten;
import dev.depthwise.network.GlobalAveragePool;
import dev.depthwise.network.Input;
import dev.depthwise.network.MaxPool;
import dev.depthwise.network.Multiply;
import dev.depthwise.network.Op;
import dev.depthwise.network.PadChannels;
import dev.depthwise.network.Subsample;
import dev.depthwise.network.Upsample;
import dev.depthwise.network.ZeroPad;

/** The kinds of layers that a picture tells apart by colour. */
enum Kind {
  CONV("convolution", "#dbe9fb", "#3f78bf"),
  POINTWISE("1×1 convolution", "#d6f1ec", "#2b8f80"),
  DEPTHWISE("depthwise or separable", "#e9defa", "#7c51b8"),
  POOL("pooling", "#fde3d0", "#cc6f2c"),
  DENSE("dense", "#dff2d4", "#5a9137"),
  ELEMENT("element by element", "#fbf3cf", "#a98d20"),
  JOIN("sum, product, concat", "#ffffff", "#4a5568"),
  OTHER("input, padding", "#eceff3", "#6b7686");

  private final String words;
  private final String fill;
  private final String stroke;

  Kind(String words, String fill, String stroke) {
    this.words = words;
    this.fill = fill;
    this.stroke = stroke;
  }

  String words() {
    return words;
  }

  String fill() {
    return fill;
  }

  String stroke() {
    return stroke;
  }

  static Kind of(Op op, int channels) {
    if (op instanceof Conv2d conv) {
      boolean one = conv.window().kernelHeight() == 1 && conv.window().kernelWidth() == 1;
      return isDepthwise(conv, channels) ? DEPTHWISE : one ? POINTWISE : CONV;
    }
    if (op instanceof Dense) {
      return DENSE;
    }
    if (op instanceof MaxPool || op instanceof AveragePool || op instanceof GlobalAveragePool) {
      return POOL;
    }
    if (op instanceof Add || op instanceof Concat || op instanceof Multiply) {
      return JOIN;
    }
    boolean moves =
        op instanceof Input
            || op instanceof ZeroPad
            || op instanceof Crop
            || op instanceof Flatten
            || op instanceof PadChannels
            || op instanceof Subsample
            || op instanceof Upsample;
    return moves ? OTHER : ELEMENT;
  }

  static boolean isDepthwise(Conv2d conv, int channels) {
    return conv.groups() > 1 && conv.groups() == channels;
  }
}
