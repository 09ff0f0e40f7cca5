package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.chain;

import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A network that the zoo can build.
 *
 * @param id what a person types: lower case, unique in the zoo
 * @param family the id's architecture in general: "resnet"
 * @param paper authors, year, title and address
 * @param input channels x height x width of the paper's pictures
 * @param classes of the paper's data set
 * @param styles the ports it is known in, the usual one first
 * @param traits what else there is to choose, and what else ports differ in
 * @param definition writes the network down
 */
public record Architecture(
    String id,
    String family,
    String paper,
    Shape input,
    int classes,
    List<Style> styles,
    Traits traits,
    Function<Settings, Graph> definition) {
  public Architecture {
    styles = List.copyOf(styles);
    if (styles.isEmpty()) {
      throw new IllegalArgumentException(id + " needs a style");
    }
  }

  /**
   * What only some architectures have.
   *
   * @param shortcut the paper's choice of shortcut; empty if there are no shortcuts to choose
   * @param alphas whether widths can be multiplied
   * @param auxiliary the names of the outputs of its auxiliary heads
   * @param formerly how older files name the layers
   */
  public record Traits(
      Optional<Shortcut> shortcut,
      boolean alphas,
      List<String> auxiliary,
      Function<Style, List<Rename>> formerly) {
    public Traits {
      auxiliary = List.copyOf(auxiliary);
    }

    /** Nothing to choose. */
    public static Traits none() {
      return new Traits(Optional.empty(), false, List.of(), style -> List.of());
    }

    /** These with shortcuts to choose. */
    public Traits withShortcut(Shortcut usual) {
      return new Traits(Optional.of(usual), alphas, auxiliary, formerly);
    }

    /** These without shortcuts to choose. */
    public Traits withoutShortcut() {
      return new Traits(Optional.empty(), alphas, auxiliary, formerly);
    }

    /** These with widths to multiply. */
    public Traits withAlphas() {
      return new Traits(shortcut, true, auxiliary, formerly);
    }

    /** These with auxiliary heads. */
    public Traits withAuxiliary(String... outputs) {
      return new Traits(shortcut, alphas, List.of(outputs), formerly);
    }

    /** These with other names in older files. */
    public Traits withFormerNames(Function<Style, List<Rename>> names) {
      return new Traits(shortcut, alphas, auxiliary, names);
    }
  }

  /**
   * How files of an older version of a port name some layers or parameters.
   *
   * @param former matches the whole of an older name in a file, such as {@code "probs/(.*)"}
   * @param today what it is called now, with groups: {@code "predictions/$1"}
   */
  public record Rename(Pattern former, String today) {
    /** A rename of a regular expression. */
    public static Rename of(String former, String today) {
      return new Rename(Pattern.compile(former), today);
    }
  }

  /**
   * What a definition builds from: options without gaps.
   *
   * @param style one of the architecture's
   * @param input channels x height x width
   * @param classes length of the output
   * @param shortcut empty if the architecture has no shortcuts to choose
   * @param alpha what the widths are multiplied with; 1 if that is not to be chosen
   * @param top whether the network ends in its classifier
   * @param pooling of the last features, where there is no top
   * @param auxiliary whether to build the auxiliary heads
   */
  public record Settings(
      Style style,
      Shape input,
      int classes,
      Optional<Shortcut> shortcut,
      double alpha,
      boolean top,
      Pooling pooling,
      boolean auxiliary) {
    /**
     * The network of these parts.
     *
     * @param separator between the names of a scope and its child
     * @param features all before the classifier and its pooling
     * @param classifier from the features to logits
     */
    Graph network(String separator, Block features, Block classifier) {
      return Graph.of(input, separator, chain(features, top ? classifier : pooling.block()));
    }
  }

  /** The style that options mean: theirs, or the usual one. */
  public Style style(Options options) {
    return options.style().orElse(styles.get(0));
  }

  /**
   * What a name in a file of a style is called today: {@code "probs/kernel"} becomes {@code
   * "predictions/kernel"}; all others stay.
   */
  public UnaryOperator<String> today(Style style) {
    List<Rename> renames = traits.formerly().apply(style);
    return name -> {
      for (Rename rename : renames) {
        Matcher matcher = rename.former().matcher(name);
        if (matcher.matches()) {
          return matcher.replaceFirst(rename.today());
        }
      }
      return name;
    };
  }

  /** The paper's choice of shortcut; empty if there are no shortcuts to choose. */
  public Optional<Shortcut> shortcut() {
    return traits.shortcut();
  }

  /**
   * How the style's port prepares pictures for its published weights.
   *
   * @return nothing where there are none, or where it takes no such input
   */
  public Optional<Preprocessing> preprocessing(Options options) {
    return Published.preprocessing(this, style(options), options.input().orElse(input));
  }

  /**
   * The same network with its top and its auxiliary heads: what a file of its weights may hold. Its
   * pictures have the usual extent, as a head may not fit onto smaller ones.
   *
   * @throws InputException if the architecture cannot be had with these options
   */
  public Graph whole(Options options) {
    return graph(
        new Options(
            options.style(),
            options.input().map(this::usual),
            options.classes(),
            options.shortcut(),
            options.alpha(),
            true,
            Pooling.NONE,
            !traits.auxiliary().isEmpty()));
  }

  private Shape usual(Shape picture) {
    return Shape.of(picture.channels(), input.height(), input.width());
  }

  /**
   * The network: logits as its principal output (see {@link Graph#withSoftmax}).
   *
   * @throws InputException if the architecture cannot be had with these options
   */
  public Graph graph(Options options) {
    Style style = style(options);
    if (!styles.contains(style)) {
      throw new InputException(
          "%s is not known in %s style; take %s"
              .formatted(
                  id,
                  style,
                  styles.stream().map(Style::toString).collect(Collectors.joining(" or "))));
    }
    if (traits.shortcut().isEmpty() && options.shortcut().isPresent()) {
      throw new InputException(id + " has no shortcuts to choose; leave that option out");
    }
    if (!traits.alphas() && options.alpha().isPresent()) {
      throw new InputException(id + " has no widths to multiply; leave alpha out");
    }
    if (traits.auxiliary().isEmpty() && options.auxiliary()) {
      throw new InputException(id + " has no auxiliary heads; leave that option out");
    }
    Shape picture = options.input().orElse(input);
    try {
      return definition.apply(
          new Settings(
              style,
              picture,
              options.classes().orElse(classes),
              options.shortcut().or(traits::shortcut),
              options.alpha().orElse(1.0),
              options.top(),
              options.pooling(),
              options.auxiliary()));
    } catch (IllegalArgumentException e) {
      // The zoo's tests build every entry at many sizes, so what fails here is the size at hand.
      throw new InputException(
          "%s cannot be built for an input of %s: %s; its usual input is %s"
              .formatted(id, picture, e.getMessage(), input),
          e);
    }
  }
}
