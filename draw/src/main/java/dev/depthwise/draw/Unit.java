package dev.depthwise.draw;

import dev.depthwise.network.Activation;
import dev.depthwise.network.Add;
import dev.depthwise.network.AveragePool;
import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Concat;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Cost;
import dev.depthwise.network.Crop;
import dev.depthwise.network.Dense;
import dev.depthwise.network.Flatten;
import dev.depthwise.network.GlobalAveragePool;
import dev.depthwise.network.Input;
import dev.depthwise.network.LayerNorm;
import dev.depthwise.network.LayerScale;
import dev.depthwise.network.LocalResponseNorm;
import dev.depthwise.network.MaxPool;
import dev.depthwise.network.Multiply;
import dev.depthwise.network.Node;
import dev.depthwise.network.Op;
import dev.depthwise.network.Scale;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Value;
import dev.depthwise.network.Window;
import dev.depthwise.network.ZeroPad;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Layers drawn as one box: a convolution with its norm and its activation.
 *
 * @param layers each reads the one before it, and nothing else reads that
 */
record Unit(List<Cost.Layer> layers) {
  Unit {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("a box without layers");
    }
  }

  /** A chain of layers in boxes: one convolution, dense layer or pooling in each. */
  static List<Unit> split(List<Cost.Layer> chain, boolean fuse) {
    if (!fuse) {
      return chain.stream().map(layer -> new Unit(List.of(layer))).toList();
    }
    List<Unit> units = new ArrayList<>();
    List<Cost.Layer> open = new ArrayList<>();
    // A chain that begins with a norm or an activation has them before its convolutions.
    Op first = chain.get(0).node().op();
    Optional<Class<?>> leader = isElement(first) ? Optional.of(first.getClass()) : Optional.empty();
    for (Cost.Layer layer : chain) {
      Op op = layer.node().op();
      boolean full = open.stream().anyMatch(other -> isCore(other.node().op()));
      boolean begins =
          full
              && (leader.filter(op.getClass()::equals).isPresent()
                  || isPrefix(op)
                  || (isCore(op) && !isSeparable(open.get(open.size() - 1).node(), layer.node())));
      boolean afterJoin = !open.isEmpty() && standsAlone(open.get(open.size() - 1).node().op());
      if (!open.isEmpty() && (begins || afterJoin || standsAlone(op))) {
        units.add(new Unit(open));
        open.clear();
      }
      open.add(layer);
    }
    units.add(new Unit(open));
    return units;
  }

  private static boolean standsAlone(Op op) {
    return op instanceof Input
        || op instanceof Add
        || op instanceof Concat
        || op instanceof Multiply;
  }

  private static boolean isElement(Op op) {
    return Kind.of(op, 0) == Kind.ELEMENT;
  }

  private static boolean isPrefix(Op op) {
    return op instanceof ZeroPad || op instanceof Flatten || op instanceof Crop;
  }

  private static boolean isCore(Op op) {
    return !isElement(op) && !isPrefix(op);
  }

  private static boolean isSeparable(Node before, Node node) {
    return before.op() instanceof Conv2d depthwise
        && node.op() instanceof Conv2d pointwise
        && Kind.isDepthwise(depthwise, channels(before))
        && Kind.of(pointwise, channels(node)) == Kind.POINTWISE;
  }

  private static int channels(Node node) {
    return node.inputs().isEmpty() ? 0 : node.inputs().get(0).shape().channels();
  }

  Node first() {
    return layers.get(0).node();
  }

  Node last() {
    return layers.get(layers.size() - 1).node();
  }

  List<Value> inputs() {
    return first().inputs();
  }

  Shape output() {
    return last().output().shape();
  }

  /** Whether this is a sum, a product or a concatenation. */
  boolean isJoin() {
    return kind() == Kind.JOIN;
  }

  /** The layer that the box is named for. */
  private Cost.Layer core() {
    return layers.stream()
        .filter(layer -> isCore(layer.node().op()))
        .findFirst()
        .orElse(layers.get(0));
  }

  private boolean isSeparable() {
    int at = layers.indexOf(core());
    return at + 1 < layers.size() && isSeparable(layers.get(at).node(), layers.get(at + 1).node());
  }

  /** Whether several averages make one, of windows that differ in size. */
  private boolean isComposed() {
    return layers.stream().filter(layer -> layer.node().op() instanceof AveragePool).count() > 1;
  }

  Kind kind() {
    Node core = core().node();
    return Kind.of(core.op(), channels(core));
  }

  /** The layer's name in the files of its port. */
  String name() {
    if (isComposed()) {
      return Names.common(layers.stream().map(layer -> layer.node().name()).toList());
    }
    String name = core().node().name();
    return isSeparable() && name.endsWith("/depthwise")
        ? name.substring(0, name.length() - "/depthwise".length())
        : name;
  }

  /** What the box does: "3×3 conv, 64". */
  String label() {
    if (isComposed()) {
      return "average pool to %d×%d".formatted(output().height(), output().width());
    }
    Node core = core().node();
    if (isSeparable()) {
      return words(core).replace("depthwise", "separable") + ", " + output().channels();
    }
    if (isElement(core.op())) {
      return elements(layers);
    }
    return words(core);
  }

  private static String words(Node node) {
    Op op = node.op();
    if (op instanceof Conv2d conv) {
      String window = window(conv.window());
      if (Kind.isDepthwise(conv, channels(node))) {
        int multiplier = conv.filters() / conv.groups();
        return window + " depthwise" + (multiplier > 1 ? ", ×" + multiplier : "");
      }
      String groups = conv.groups() > 1 ? " in " + conv.groups() + " groups" : "";
      int slash = window.indexOf(' ');
      String size = slash < 0 ? window : window.substring(0, slash);
      String rest = slash < 0 ? "" : window.substring(slash);
      return size + " conv, " + conv.filters() + rest + groups;
    }
    if (op instanceof Dense) {
      return "dense, " + node.output().shape().channels();
    }
    if (op instanceof MaxPool pool) {
      return "max pool " + window(pool.window());
    }
    if (op instanceof AveragePool pool) {
      return "average pool " + window(pool.window());
    }
    if (op instanceof GlobalAveragePool) {
      return "global average pool";
    }
    if (op instanceof Concat) {
      return "concat";
    }
    if (op instanceof Add) {
      return "+";
    }
    if (op instanceof Multiply) {
      return "×";
    }
    if (op instanceof Input) {
      return "input";
    }
    return element(op);
  }

  private static String window(Window window) {
    StringBuilder text = new StringBuilder();
    text.append(window.kernelHeight()).append('×').append(window.kernelWidth());
    if (window.strideHeight() > 1 || window.strideWidth() > 1) {
      text.append(" /").append(window.strideHeight());
    }
    if (window.dilationHeight() > 1) {
      text.append(" dilation ").append(window.dilationHeight());
    }
    return text.toString();
  }

  private static String element(Op op) {
    if (op instanceof BatchNorm) {
      return "BN";
    }
    if (op instanceof LayerNorm) {
      return "LN";
    }
    if (op instanceof LocalResponseNorm) {
      return "LRN";
    }
    if (op instanceof Activation activation) {
      return switch (activation.function()) {
        case ELU -> "ELU";
        case GELU, GELU_TANH -> "GELU";
        case HARD_SIGMOID -> "hard sigmoid";
        case HARD_SWISH -> "hard swish";
        case LEAKY_RELU -> "leaky ReLU";
        case RELU6 -> "ReLU6";
        case SIGMOID -> "sigmoid";
        case SWISH -> "swish";
        case TANH -> "tanh";
      };
    }
    if (op instanceof Scale || op instanceof LayerScale) {
      return "scale";
    }
    String name = op.getClass().getSimpleName();
    return switch (name) {
      case "Relu" -> "ReLU";
      case "PRelu" -> "PReLU";
      default -> name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    };
  }

  /** What else is in the box: "BN · ReLU", or "ReLU first · BN". */
  String rest() {
    if (isComposed()) {
      return "";
    }
    int core = layers.indexOf(core());
    int behind = core + (isSeparable() ? 2 : 1);
    String before = elements(layers.subList(0, core));
    String after =
        isElement(core().node().op()) ? "" : elements(layers.subList(behind, layers.size()));
    return before.isEmpty() ? after : before + " first" + (after.isEmpty() ? "" : " · ") + after;
  }

  private static String elements(List<Cost.Layer> layers) {
    return layers.stream()
        .map(layer -> element(layer.node().op()))
        .collect(Collectors.joining(" · "));
  }

  long parameters() {
    return layers.stream().mapToLong(Cost.Layer::learned).sum();
  }

  long multiplyAdds() {
    return layers.stream().mapToLong(Cost.Layer::multiplyAdds).sum();
  }

  /** What a reader asks about it, one line each. */
  List<String> details() {
    List<String> details = new ArrayList<>();
    for (Cost.Layer layer : layers) {
      details.add(layer.node().name() + ": " + layer.node().op().description());
    }
    details.add("output " + Amounts.shape(output()));
    if (parameters() > 0) {
      details.add(Amounts.exact(parameters()) + " parameters");
    }
    if (multiplyAdds() > 0) {
      details.add(Amounts.exact(multiplyAdds()) + " multiply-adds");
    }
    Cost.ReceptiveField field = layers.get(layers.size() - 1).receptiveField();
    details.add("receptive field " + field.height() + "×" + field.width());
    return details;
  }
}
