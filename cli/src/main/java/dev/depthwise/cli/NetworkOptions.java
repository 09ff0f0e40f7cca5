package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Pooling;
import dev.depthwise.zoo.Shortcut;
import dev.depthwise.zoo.Style;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What may be chosen about a network of the zoo. */
final class NetworkOptions {
  @Option(
      names = "--style",
      paramLabel = "STYLE",
      description = "Whose port of the paper: torchvision or keras (default: torchvision).")
  @Nullable String style;

  @Option(
      names = "--input",
      paramLabel = "CxHxW",
      description = "Channels, height and width of a picture, such as 3x224x224.")
  @Nullable String input;

  @Option(names = "--classes", paramLabel = "N", description = "How many classes it tells apart.")
  @Nullable Integer classes;

  @Option(
      names = "--shortcut",
      paramLabel = "A|B|C",
      description =
          "What shortcuts do where the shape changes: A pads with zeros, B projects, C projects"
              + " everywhere (default: the paper's choice).")
  @Nullable String shortcut;

  @Option(
      names = "--alpha",
      paramLabel = "X",
      description = "What a MobileNet's widths are multiplied with (default: 1).")
  @Nullable Double alpha;

  @Option(names = "--no-top", description = "Leave the classifier out: the output is features.")
  boolean noTop;

  @Option(
      names = "--pooling",
      paramLabel = "none|avg|max",
      description = "With --no-top, what becomes of the features (default: none).")
  @Nullable String pooling;

  @Option(names = "--auxiliary", description = "Build the auxiliary heads too.")
  boolean auxiliary;

  /** The choices; what was left out is left to the architecture. */
  Options options() {
    return new Options(
        style(),
        Optional.ofNullable(input).map(NetworkOptions::shape),
        Optional.ofNullable(classes),
        Optional.ofNullable(shortcut).map(Shortcut::parse),
        Optional.ofNullable(alpha),
        !noTop,
        pooling == null ? Pooling.NONE : Pooling.parse(pooling),
        auxiliary);
  }

  Optional<Style> style() {
    return Optional.ofNullable(style).map(Style::parse);
  }

  /** Refuses every choice, where a model directory has made them already. */
  void refuse(String directory) {
    boolean given =
        Stream.of(style, input, classes, shortcut, alpha, pooling).anyMatch(Objects::nonNull);
    if (given || noTop || auxiliary) {
      throw new InputException(
          "%s holds a whole model: leave out what is only to be chosen for a network of the zoo"
                  .formatted(directory)
              + " (--style, --input, --classes, --shortcut, --alpha, --no-top, --pooling,"
              + " --auxiliary)");
    }
  }

  static Shape shape(String text) {
    try {
      String[] parts = text.split("[x×X]", -1);
      int[] dimensions = new int[parts.length];
      for (int index = 0; index < parts.length; index++) {
        dimensions[index] = Integer.parseInt(parts[index].strip());
      }
      return Shape.of(dimensions);
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "--input '%s' is no size; expected channels x height x width, such as 3x224x224"
              .formatted(text),
          e);
    }
  }
}
