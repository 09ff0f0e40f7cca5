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

/** What may be chosen about a network of the zoo, but for its input. */
class ZooOptions {
  @Option(
      names = "--style",
      paramLabel = "STYLE",
      description =
          "Whose port of the paper: torchvision, keras or torch (default: the first that depthwise models lists).")
  @Nullable String style;

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

  /**
   * The choices; what was left out is left to the architecture.
   *
   * @param input channels x height x width, if that is chosen
   */
  Options options(Optional<Shape> input) {
    return new Options(
        style(),
        input,
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

  /** Refuses a network without its classifier. */
  void requireTop() {
    if (noTop || pooling != null) {
      throw new InputException("this needs the classifier: leave out --no-top and --pooling");
    }
  }

  /** Refuses every choice, where a model directory has made them already. */
  void refuse(String directory) {
    if (given()) {
      throw new InputException(
          "%s holds a whole model: leave out what is only to be chosen for a network of the zoo"
                  .formatted(directory)
              + " (--style, --classes, --shortcut, --alpha, --no-top, --pooling,"
              + " --auxiliary)");
    }
  }

  /** Whether anything was chosen. */
  final boolean given() {
    return noTop
        || auxiliary
        || Stream.of(style, classes, shortcut, alpha, pooling).anyMatch(Objects::nonNull);
  }
}
