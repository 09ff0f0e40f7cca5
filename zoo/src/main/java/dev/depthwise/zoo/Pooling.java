package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.globalMaxPool;
import static dev.depthwise.network.Blocks.identity;

import dev.depthwise.network.Block;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What becomes of the last features where a network is built without its top, as in Keras. */
public enum Pooling {
  /** They stay channels x height x width. */
  NONE,
  /** The mean of each channel. */
  AVG,
  /** The maximum of each channel. */
  MAX;

  /**
   * The pooling of that name, in any case.
   *
   * @throws InputException if there is none
   */
  public static Pooling parse(String name) {
    List<String> known = Arrays.stream(values()).map(Pooling::toString).toList();
    int index = known.indexOf(name.toLowerCase(Locale.ROOT));
    if (index < 0) {
      throw new InputException(
          "there is no pooling '%s'; %s".formatted(name, Names.suggest(name, known)));
    }
    return values()[index];
  }

  Block block() {
    return switch (this) {
      case NONE -> identity();
      case AVG -> globalAveragePool("global_average_pooling2d");
      case MAX -> globalMaxPool("global_max_pooling2d");
    };
  }

  /** The name as a person types it: lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
