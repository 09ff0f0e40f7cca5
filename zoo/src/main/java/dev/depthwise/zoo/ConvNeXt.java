package dev.depthwise.zoo;

import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.gelu;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.layerNorm;
import static dev.depthwise.network.Blocks.layerScale;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.repeat;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Blocks.stochasticDepth;
import static dev.depthwise.network.Window.k;

import dev.depthwise.network.Block;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Value;
import dev.depthwise.zoo.Architecture.Rename;
import dev.depthwise.zoo.Architecture.Settings;
import dev.depthwise.zoo.Architecture.Traits;
import java.util.List;
import java.util.function.IntFunction;

/**
 * ConvNeXt (Liu et al. 2022): a residual network with what made transformers strong, large
 * depthwise windows, layer norm and few activations.
 *
 * <p>Keras' networks normalise their pictures first, by constants; here that belongs to the
 * preprocessing, as Keras' {@code include_preprocessing=False} has it.
 */
final class ConvNeXt {
  private static final String PAPER = "Liu et al. 2022, A ConvNet for the 2020s, arXiv:2201.03545";

  private static final double EPSILON = 1e-6;
  private static final double LAYER_SCALE = 1e-6;

  /**
   * One of the family (Section 3).
   *
   * @param width channels of the first stage, doubled by each that follows
   * @param units of the four stages
   * @param dropped by stochastic depth in the last unit, and the less the earlier (Appendix A.1);
   *     Keras' networks drop nothing
   */
  private record Form(String id, int width, List<Integer> units, double dropped) {
    int all() {
      return before(units.size());
    }

    int before(int stage) {
      return units.subList(0, stage).stream().mapToInt(Integer::intValue).sum();
    }
  }

  private final Form form;
  private final Port port;

  private ConvNeXt(Form form, Style style) {
    this.form = form;
    this.port =
        switch (style) {
          case TORCHVISION -> Port.torchvision();
          case KERAS -> Port.keras(form.id);
          case TORCH -> throw new IllegalArgumentException("torchvision has these");
        };
  }

  static List<Architecture> members() {
    return List.of(
        member(new Form("convnext_tiny", 96, List.of(3, 3, 9, 3), 0.1)),
        member(new Form("convnext_small", 96, List.of(3, 3, 27, 3), 0.4)),
        member(new Form("convnext_base", 128, List.of(3, 3, 27, 3), 0.5)));
  }

  private static Architecture member(Form form) {
    return new Architecture(
        form.id,
        "convnext",
        PAPER,
        Shape.of(3, 224, 224),
        1000,
        List.of(Style.TORCHVISION, Style.KERAS),
        Traits.none().withFormerNames(style -> formerly(form.id, style)),
        settings -> new ConvNeXt(form, settings.style()).graph(settings));
  }

  private Graph graph(Settings settings) {
    Block norm = layerNorm(port.lastNorm, EPSILON);
    Block end =
        settings.top()
            ? chain(globalAveragePool(port.pool), norm, dense(port.classifier, settings.classes()))
            : chain(settings.pooling().block(), port.normsFeatures ? norm : identity());
    return Graph.of(settings.input(), port.separator, chain(features(), end));
  }

  /** Liu et al. 2022, Section 2.2 and 2.6: a stem of patches, and norms before each halving. */
  private Block features() {
    return chain(
        conv(port.stem.conv, form.width, k(4).stride(4).valid(), 1, true),
        layerNorm(port.stem.norm, EPSILON),
        repeat(
            form.units.size(),
            stage -> stage == 0 ? stage(stage) : chain(halving(stage), stage(stage))));
  }

  private Block halving(int stage) {
    Halving names = port.halving.apply(stage);
    return chain(
        layerNorm(names.norm, EPSILON),
        conv(names.conv, form.width << stage, k(2).stride(2).valid(), 1, true));
  }

  private Block stage(int stage) {
    Block units =
        repeat(
            form.units.get(stage),
            index ->
                named(
                    port.unit.name(stage, index),
                    unit(form.width << stage, form.before(stage) + index)));
    return (scope, input) -> {
      Value output = units.apply(scope, input);
      scope.child(port.stage.apply(stage)).tap(output);
      return output;
    };
  }

  /** Liu et al. 2022, Fig. 4 right. */
  private Block unit(int width, int number) {
    double dropped = port.drops ? form.dropped * number / (form.all() - 1) : 0;
    return residual(
        chain(
            conv(port.depthwise, width, k(7), width, true),
            layerNorm(port.norm, EPSILON),
            conv(port.widen, 4 * width, k(1), 1, true),
            gelu(port.gelu),
            conv(port.narrow, width, k(1), 1, true),
            layerScale("layer_scale", LAYER_SCALE),
            dropped > 0 ? stochasticDepth("stochastic_depth", dropped) : identity()),
        identity());
  }

  /**
   * Keras does not name the numbers of a layer scale, files may have layers under the names of the
   * sequences they are in, and the norm of a network without its top has no name of its own.
   */
  private static List<Rename> formerly(String id, Style style) {
    return style == Style.KERAS
        ? List.of(
            Rename.of("(?:.*/)?(convnext_\\w+_layer_scale)/(?:[Vv]ariable\\w*|0)", "$1/gamma"),
            Rename.of("convnext_\\w+?_(?:stem|downsampling_block_\\d)/(convnext_.*)", "$1"),
            Rename.of("layer_normalization(?:_\\d+)?/(.*)", id + "_head_layernorm/$1"))
        : List.of();
  }

  /** The names of a norm and of a convolution that changes the extent. */
  private record Halving(String norm, String conv) {}

  /** A unit's name, by its stage and its number there, both from 0. */
  @FunctionalInterface
  private interface UnitName {
    String name(int stage, int unit);
  }

  /**
   * Where the ports differ.
   *
   * @param separator between the names of unit and layer
   * @param drops whether it has stochastic depth
   * @param halving between stages, by the number of the one behind it, from 1
   * @param stage a stage's name, from 0; its output can be tapped under it
   * @param lastNorm the norm before the classifier
   * @param normsFeatures whether a network without its top has that norm too
   */
  private record Port(
      String separator,
      boolean drops,
      Halving stem,
      IntFunction<Halving> halving,
      IntFunction<String> stage,
      UnitName unit,
      String depthwise,
      String norm,
      String widen,
      String gelu,
      String narrow,
      String pool,
      String lastNorm,
      boolean normsFeatures,
      String classifier) {
    /** Its halvings and stages are numbered as they come; what only permutes takes a number too. */
    static Port torchvision() {
      return new Port(
          ".",
          true,
          new Halving("features.0.1", "features.0.0"),
          stage ->
              new Halving(
                  "features.%d.0".formatted(2 * stage), "features.%d.1".formatted(2 * stage)),
          stage -> "features." + (2 * stage + 1),
          (stage, unit) -> "features.%d.%d".formatted(2 * stage + 1, unit),
          "block.0",
          "block.2",
          "block.3",
          "block.4",
          "block.5",
          "avgpool",
          "classifier.0",
          false,
          "classifier.2");
    }

    static Port keras(String id) {
      return new Port(
          "_",
          false,
          new Halving(id + "_stem_layernorm", id + "_stem_conv"),
          stage ->
              new Halving(
                  id + "_downsampling_layernorm_" + (stage - 1),
                  id + "_downsampling_conv_" + (stage - 1)),
          stage -> id + "_stage_" + stage,
          (stage, unit) -> "%s_stage_%d_block_%d".formatted(id, stage, unit),
          "depthwise_conv",
          "layernorm",
          "pointwise_conv_1",
          "gelu",
          "pointwise_conv_2",
          id + "_head_gap",
          id + "_head_layernorm",
          true,
          id + "_head_dense");
    }
  }
}
