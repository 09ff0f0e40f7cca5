package dev.depthwise.zoo;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Whose port of a paper: its layer names, its constants, and where it departs from the paper. */
public enum Style {
  /** As torchvision has it. */
  TORCHVISION,
  /** As Keras Applications has it. */
  KERAS,
  /** As the well-known PyTorch port has it, where torchvision has none. */
  TORCH;

  /**
   * The style of that name, in any case.
   *
   * @throws InputException if there is none
   */
  public static Style parse(String name) {
    List<String> known = Arrays.stream(values()).map(Style::toString).toList();
    int index = known.indexOf(name.toLowerCase(Locale.ROOT));
    if (index < 0) {
      throw new InputException(
          "there is no style '%s'; %s".formatted(name, Names.suggest(name, known)));
    }
    return values()[index];
  }

  /** The name as a person types it: lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
