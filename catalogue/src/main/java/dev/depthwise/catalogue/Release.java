package dev.depthwise.catalogue;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Names;
import dev.depthwise.zoo.Style;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Weights that one publisher trained in one way: what a person names to have them. */
public enum Release {
  /** Of Keras Applications. */
  KERAS(Style.KERAS, "keras"),
  /** Of torchvision, as papers compare with: its IMAGENET1K_V1. */
  TORCHVISION(Style.TORCHVISION, "torchvision"),
  /** Of torchvision, trained again for longer: its IMAGENET1K_V2. */
  TORCHVISION_V2(Style.TORCHVISION, "torchvision-v2");

  private final Style style;
  private final String word;

  Release(Style style, String word) {
    this.style = style;
    this.word = word;
  }

  /** Whose port the weights belong to. */
  public Style style() {
    return style;
  }

  /** The release that a word means, in any case; nothing if it means none. */
  public static Optional<Release> named(String word) {
    return Arrays.stream(values())
        .filter(release -> release.word.equals(word.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  /**
   * The release that a word means, in any case.
   *
   * @throws InputException if there is none
   */
  public static Release parse(String word) {
    List<String> known = Arrays.stream(values()).map(Release::toString).toList();
    return named(word)
        .orElseThrow(
            () ->
                new InputException(
                    "there are no published weights called '%s'; %s"
                        .formatted(word, Names.suggest(word, known))));
  }

  /** The word that a person types. */
  @Override
  public String toString() {
    return word;
  }
}
