package dev.depthwise.zoo;

import dev.depthwise.network.ChannelOrder;
import dev.depthwise.network.Interpolation;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How each port prepares pictures for its published weights. */
final class Published {
  /** What torchvision resizes the shorter side to, where it is not 256 for 224. */
  private static final Map<String, Integer> SIDES =
      Map.ofEntries(
          Map.entry("inception_v3", 342),
          Map.entry("efficientnet_b1", 256),
          Map.entry("efficientnet_b2", 288),
          Map.entry("efficientnet_b3", 320),
          Map.entry("efficientnet_b4", 384),
          Map.entry("efficientnet_b5", 456),
          Map.entry("efficientnet_b6", 528),
          Map.entry("efficientnet_b7", 600),
          Map.entry("convnext_tiny", 236),
          Map.entry("convnext_small", 230),
          Map.entry("convnext_base", 232));

  private static final Preprocessing IMAGENET = Preprocessing.torch(224, 224);

  private Published() {}

  /**
   * How pictures are prepared for an architecture in a style.
   *
   * @param input channels x height x width that the network takes
   * @return nothing for networks without published weights, and for grey pictures
   */
  static Optional<Preprocessing> preprocessing(
      Architecture architecture, Style style, Shape input) {
    if (architecture.classes() != 1000 || input.channels() != 3) {
      return Optional.empty();
    }
    String id = architecture.id();
    return switch (style) {
      case TORCHVISION -> torchvision(id, architecture.input().height(), input);
      case KERAS -> Optional.of(keras(id, input.height(), input.width()));
      case TORCH -> torch(id, input);
    };
  }

  private static Preprocessing keras(String id, int height, int width) {
    if (id.matches("vgg\\d+|resnet\\d+")) {
      return Preprocessing.caffe(height, width);
    }
    if (id.startsWith("densenet") || id.startsWith("convnext")) {
      return Preprocessing.torch(height, width);
    }
    Preprocessing usual = Preprocessing.tf(height, width);
    return id.startsWith("efficientnet") ? beforeRoots(usual) : usual;
  }

  /**
   * EfficientNet prepares pictures itself, {@code (x / 255 - mean) / sqrt(variance)}; but where the
   * published weights say variance they have the deviation, and Keras divides by its root once
   * more. Here that is done before.
   */
  private static Preprocessing beforeRoots(Preprocessing usual) {
    List<Double> means = new ArrayList<>();
    List<Double> roots = new ArrayList<>();
    for (int channel = 0; channel < usual.channels(); channel++) {
      double root = Math.sqrt(IMAGENET.deviation().get(channel));
      means.add(255 * IMAGENET.mean().get(channel) * (1 - root));
      roots.add(root);
    }
    return new Preprocessing(
        usual.channels(),
        usual.height(),
        usual.width(),
        usual.resizing(),
        usual.interpolation(),
        usual.order(),
        1,
        means,
        roots);
  }

  private static Optional<Preprocessing> torchvision(String id, int usual, Shape input) {
    if (input.height() != input.width()) {
      return Optional.empty();
    }
    int side =
        Math.toIntExact(Math.round(SIDES.getOrDefault(id, 256) * (double) input.height() / usual));
    Preprocessing presets = Preprocessing.torchvision(side, input.height());
    if (id.startsWith("efficientnet")) {
      return Optional.of(presets.withInterpolation(Interpolation.BICUBIC));
    }
    // Their published weights go with "transform_input", which undoes ImageNet's normalisation.
    return Optional.of(
        id.equals("googlenet") || id.equals("inception_v3") ? halves(presets) : presets);
  }

  /** The port's README: the part of the shorter side that is kept, mean and deviation. */
  private static Optional<Preprocessing> torch(String id, Shape input) {
    if (input.height() != input.width()) {
      return Optional.empty();
    }
    double kept = id.equals("xception") ? 0.8975 : 0.875;
    int side = (int) Math.floor(input.height() / kept);
    Preprocessing presets = Preprocessing.torchvision(side, input.height());
    return switch (id) {
      case "bn_inception" ->
          Optional.of(normalised(presets, ChannelOrder.BGR, 1, List.of(104.0, 117.0, 128.0), 1));
      case "inception_v4", "inception_resnet_v2", "xception" -> Optional.of(halves(presets));
      case "se_resnet50" -> Optional.of(presets);
      default -> Optional.empty();
    };
  }

  /** Samples in [-1, 1]. */
  private static Preprocessing halves(Preprocessing presets) {
    return normalised(presets, ChannelOrder.RGB, 255, List.of(0.5, 0.5, 0.5), 0.5);
  }

  private static Preprocessing normalised(
      Preprocessing presets,
      ChannelOrder order,
      double divisor,
      List<Double> mean,
      double deviation) {
    return new Preprocessing(
        presets.channels(),
        presets.height(),
        presets.width(),
        presets.resizing(),
        presets.interpolation(),
        order,
        divisor,
        mean,
        Collections.nCopies(3, deviation));
  }
}
