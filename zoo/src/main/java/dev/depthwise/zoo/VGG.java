package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.adaptiveAveragePool;
import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.dropout;
import static dev.depthwise.network.Blocks.flatten;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.repeat;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Flatten;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.zoo.Architecture.Settings;
import dev.depthwise.zoo.Architecture.Traits;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Simonyan and Zisserman 2014: nothing but 3x3 convolutions, two to four before each pooling, and
 * three dense layers, which hold nine tenths of the parameters.
 */
final class VGG {
  private static final String PAPER =
      "Simonyan and Zisserman 2014, Very Deep Convolutional Networks for Large-Scale Image"
          + " Recognition, arXiv:1409.1556";

  private final Port port;
  private final Column column;
  private final boolean norm;

  private VGG(Settings settings, Column column, boolean norm) {
    this.port =
        switch (settings.style()) {
          case TORCHVISION -> Port.TORCHVISION;
          case KERAS -> Port.KERAS;
          case TORCH -> throw new IllegalArgumentException("torchvision has these");
        };
    this.column = column;
    this.norm = norm;
  }

  static List<Architecture> members() {
    List<Style> torchvision = List.of(Style.TORCHVISION);
    List<Style> both = List.of(Style.TORCHVISION, Style.KERAS);
    return Stream.of(
            imageNet(11, torchvision, 1, 1, 2, 2, 2),
            imageNet(13, torchvision, 2, 2, 2, 2, 2),
            imageNet(16, both, 2, 2, 3, 3, 3),
            imageNet(19, both, 2, 2, 4, 4, 4),
            List.of(small()))
        .flatMap(List::stream)
        .toList();
  }

  /** Table 1, columns A, B, D and E; torchvision's {@code _bn} have batch norm besides. */
  private static List<Architecture> imageNet(int depth, List<Style> styles, Integer... counts) {
    Column column = new Column(List.of(counts), List.of(64, 128, 256, 512, 512), 7, 4096);
    return List.of(
        architecture("vgg" + depth, Shape.of(3, 224, 224), 1000, styles, column, false),
        architecture(
            "vgg" + depth + "_bn",
            Shape.of(3, 224, 224),
            1000,
            List.of(Style.TORCHVISION),
            column,
            true));
  }

  /** Column B in small, for pictures of 28 to 32 pixels: 9 layers. */
  private static Architecture small() {
    Column column = new Column(List.of(2, 2, 2), List.of(32, 64, 128), 4, 192);
    return architecture(
        "vgg_small", Shape.of(3, 32, 32), 10, List.of(Style.TORCHVISION), column, false);
  }

  private static Architecture architecture(
      String id, Shape input, int classes, List<Style> styles, Column column, boolean norm) {
    return new Architecture(
        id,
        "vgg",
        PAPER,
        input,
        classes,
        styles,
        Traits.none(),
        settings -> new VGG(settings, column, norm).graph(settings));
  }

  private Graph graph(Settings settings) {
    return settings.network(
        port.separator,
        repeat(column.counts.size(), this::stage),
        chain(
            port.adaptive
                ? adaptiveAveragePool("avgpool", column.extent, column.extent)
                : identity(),
            flatten(port.order),
            hidden(port.hidden.get(0)),
            hidden(port.hidden.get(1)),
            dense(port.classifier, settings.classes())));
  }

  /** Convolutions of one width, then half the picture. */
  private Block stage(int stage) {
    int parts = norm ? 3 : 2;
    int count = column.counts.get(stage);
    int before = stage + parts * column.counts.stream().limit(stage).mapToInt(i -> i).sum();
    return chain(
        repeat(
            count,
            index -> {
              String conv = "conv" + (index + 1);
              int place = before + parts * index;
              return chain(
                  conv(port.name(stage, conv, place), column.widths.get(stage), k(3), 1, true),
                  norm ? batchNorm(port.name(stage, conv + "/bn", place + 1)) : identity(),
                  relu(port.name(stage, conv + "/relu", place + parts - 1)));
            }),
        maxPool(port.name(stage, "pool", before + parts * count), k(2).stride(2).valid()));
  }

  private Block hidden(Hidden layer) {
    return chain(
        dense(layer.dense, column.units),
        relu(layer.relu),
        layer.dropout.map(name -> dropout(name, 0.5)).orElse(identity()));
  }

  /**
   * A column of Table 1.
   *
   * @param counts convolutions of each stage
   * @param widths their filters
   * @param extent rows and columns of the picture that the dense layers read
   * @param units of the hidden dense layers
   */
  private record Column(List<Integer> counts, List<Integer> widths, int extent, int units) {}

  /** The names of a hidden dense layer; Keras has no dropout. */
  private record Hidden(String dense, String relu, Optional<String> dropout) {}

  /** Names a layer by its stage, from 0, and kind, or by its place in all of them, from 0. */
  @FunctionalInterface
  private interface Name {
    String of(int stage, String kind, int place);
  }

  /**
   * Where the ports differ.
   *
   * @param adaptive whether the last picture is brought to one extent, so that the dense layers fit
   *     any input
   * @param order of the elements that the first dense layer reads
   */
  private record Port(
      String separator,
      Name features,
      boolean adaptive,
      Flatten.Order order,
      List<Hidden> hidden,
      String classifier) {
    static final Port TORCHVISION =
        new Port(
            ".",
            (stage, kind, place) -> "features." + place,
            true,
            Flatten.Order.CHW,
            List.of(
                new Hidden("classifier.0", "classifier.1", Optional.of("classifier.2")),
                new Hidden("classifier.3", "classifier.4", Optional.of("classifier.5"))),
            "classifier.6");

    static final Port KERAS =
        new Port(
            "_",
            (stage, kind, place) -> "block%d_%s".formatted(stage + 1, kind),
            false,
            Flatten.Order.HWC,
            List.of(
                new Hidden("fc1", "fc1/relu", Optional.empty()),
                new Hidden("fc2", "fc2/relu", Optional.empty())),
            "predictions");

    String name(int stage, String kind, int place) {
      return features.of(stage, kind, place);
    }
  }
}
