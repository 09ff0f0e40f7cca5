package dev.depthwise.zoo;

import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A network that the zoo can build.
 *
 * @param id what a person types: lower case, unique in the zoo
 * @param family the id's architecture in general: "resnet"
 * @param paper authors, year, title and address
 * @param depth layers with weights on the longest way, projections not counted
 * @param input channels x height x width of the paper's pictures
 * @param classes of the paper's data set
 * @param styles the ports it is known in, the usual one first
 * @param shortcut the paper's choice of shortcut; empty if there are no shortcuts to choose
 * @param definition writes the network down
 */
public record Architecture(
    String id,
    String family,
    String paper,
    int depth,
    Shape input,
    int classes,
    List<Style> styles,
    Optional<Shortcut> shortcut,
    Function<Settings, Graph> definition) {
  public Architecture {
    styles = List.copyOf(styles);
    if (styles.isEmpty()) {
      throw new IllegalArgumentException(id + " needs a style");
    }
  }

  /**
   * What a definition builds from: options without gaps.
   *
   * @param style one of the architecture's
   * @param input channels x height x width
   * @param classes length of the output
   * @param shortcut empty if the architecture has no shortcuts to choose
   */
  public record Settings(Style style, Shape input, int classes, Optional<Shortcut> shortcut) {}

  /**
   * The network: logits as its principal output (see {@link Graph#withSoftmax}).
   *
   * @throws InputException if the architecture cannot be had with these options
   */
  public Graph graph(Options options) {
    Style style = options.style().orElse(styles.get(0));
    if (!styles.contains(style)) {
      throw new InputException(
          "%s is not known in %s style; take %s"
              .formatted(
                  id,
                  style,
                  styles.stream().map(Style::toString).collect(Collectors.joining(" or "))));
    }
    if (shortcut.isEmpty() && options.shortcut().isPresent()) {
      throw new InputException(id + " has no shortcuts to choose; leave that option out");
    }
    Shape picture = options.input().orElse(input);
    try {
      return definition.apply(
          new Settings(
              style,
              picture,
              options.classes().orElse(classes),
              options.shortcut().or(() -> shortcut)));
    } catch (IllegalArgumentException e) {
      // The zoo's tests build every entry at many sizes, so what fails here is the size at hand.
      throw new InputException(
          "%s cannot be built for an input of %s: %s; its usual input is %s"
              .formatted(id, picture, e.getMessage(), input),
          e);
    }
  }
}
