package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Shortcut;
import dev.depthwise.zoo.Style;
import java.util.Optional;
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

  /** The choices; what was left out is left to the architecture. */
  Options options() {
    return new Options(
        style(),
        Optional.ofNullable(input).map(NetworkOptions::shape),
        Optional.ofNullable(classes),
        Optional.ofNullable(shortcut).map(Shortcut::parse));
  }

  Optional<Style> style() {
    return Optional.ofNullable(style).map(Style::parse);
  }

  /** Refuses every choice, where a model directory has made them already. */
  void refuse(String directory) {
    for (String given : new String[] {style, input, shortcut}) {
      refuse(given, directory);
    }
    refuse(classes, directory);
  }

  private static void refuse(@Nullable Object given, String directory) {
    if (given != null) {
      throw new InputException(
          "%s holds a whole model: leave out --style, --input, --classes and --shortcut"
              .formatted(directory));
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
