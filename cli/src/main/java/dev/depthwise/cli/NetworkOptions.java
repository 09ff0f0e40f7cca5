package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import dev.depthwise.zoo.Options;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What may be chosen about a network of the zoo. */
final class NetworkOptions extends ZooOptions {
  @Option(
      names = "--input",
      paramLabel = "CxHxW",
      description = "Channels, height and width of a picture, such as 3x224x224.")
  @Nullable String input;

  /** The choices; what was left out is left to the architecture. */
  Options options() {
    return options(Optional.ofNullable(input).map(NetworkOptions::shape));
  }

  /** Refuses every choice but the input, where there is no network. */
  void refuseBesideInput(String what) {
    if (given()) {
      throw new InputException(what + " is no network: of a network's options it takes --input");
    }
  }

  @Override
  void refuse(String directory) {
    super.refuse(directory);
    if (input != null) {
      throw new InputException(directory + " holds a whole model: leave out --input");
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
