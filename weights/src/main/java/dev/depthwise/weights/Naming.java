package dev.depthwise.weights;

import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Dense;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Node;
import dev.depthwise.network.Parameter;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Standardization;
import dev.depthwise.network.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a file names the parameters of a graph and in which order their elements lie: one rule, for
 * reading and for writing.
 *
 * <p>Every naming takes the names of the layers as the graph has them; they are those of its style.
 */
public enum Naming {
  /** Depthwise's own: {@code conv1/kernel}. */
  DEPTHWISE {
    @Override
    List<String> names(Node node, Role role) {
      return List.of(node.name() + "/" + role.name().toLowerCase(Locale.ROOT));
    }

    @Override
    Arrangement arrangement(Node node, Parameter parameter) {
      return Arrangement.asHere(parameter.shape());
    }

    @Override
    boolean ignores(String name) {
      return false;
    }

    @Override
    Map<String, String> metadata() {
      return Map.of("format", "depthwise");
    }
  },
  /** PyTorch's state dictionaries: {@code conv1.weight}, {@code bn1.running_mean}. */
  TORCH {
    @Override
    List<String> names(Node node, Role role) {
      return List.of(
          node.name()
              + switch (role) {
                case KERNEL, SCALE, SLOPE -> ".weight";
                case BIAS, SHIFT -> ".bias";
                // A parameter of the block itself in torchvision's ConvNeXt, not of a layer.
                case LAYER_SCALE -> node.name().endsWith(".layer_scale") ? "" : ".layer_scale";
                case MEAN -> ".running_mean";
                case VARIANCE -> ".running_var";
              });
    }

    @Override
    Arrangement arrangement(Node node, Parameter parameter) {
      return Arrangement.asHere(parameter.shape());
    }

    /** Batch norm's counter of steps, which no computation needs. */
    @Override
    boolean ignores(String name) {
      return name.endsWith(".num_batches_tracked");
    }

    @Override
    Map<String, String> metadata() {
      return Map.of("format", "pt");
    }
  },
  /**
   * Keras' variables: {@code conv1/kernel}, {@code bn1/moving_mean}. A node whose name has a slash
   * is a part of a layer: {@code sepconv1/depthwise} has the layer's {@code depthwise_kernel}.
   */
  KERAS {
    @Override
    List<String> names(Node node, Role role) {
      String name = node.name();
      int slash = name.indexOf('/');
      if (slash >= 0) {
        String layer = name.substring(0, slash);
        return List.of(
            role == Role.KERNEL
                ? "%s/%s_kernel".formatted(layer, name.substring(slash + 1))
                : layer + "/bias");
      }
      return switch (role) {
        case KERNEL ->
            isDepthwise(node)
                // Keras 2 and Keras 3.
                ? List.of(name + "/depthwise_kernel", name + "/kernel")
                : List.of(name + "/kernel");
        case BIAS -> List.of(name + "/bias");
        case SCALE, LAYER_SCALE -> List.of(name + "/gamma");
        case SHIFT -> List.of(name + "/beta");
        case SLOPE -> List.of(name + "/alpha");
        case MEAN -> List.of(name + (isStandardization(node) ? "/mean" : "/moving_mean"));
        case VARIANCE ->
            List.of(name + (isStandardization(node) ? "/variance" : "/moving_variance"));
      };
    }

    @Override
    Arrangement arrangement(Node node, Parameter parameter) {
      Shape shape = parameter.shape();
      return switch (parameter.role()) {
        case KERNEL -> {
          if (node.op() instanceof Dense) {
            yield Arrangement.dense(shape);
          }
          yield isDepthwise(node)
              ? Arrangement.depthwise(shape, node.inputShapes().get(0).channels())
              : Arrangement.convolution(shape);
        }
        case LAYER_SCALE -> Arrangement.as(shape.size());
        case SLOPE -> Arrangement.as(1, 1, shape.size());
        case BIAS, SCALE, SHIFT, MEAN, VARIANCE -> Arrangement.asHere(shape);
      };
    }

    @Override
    List<Node> order(Graph graph) {
      return KerasOrder.nodes(graph);
    }

    /** How many pictures a mean was taken of: Keras asks for it, and nothing depends on it. */
    @Override
    Map<String, Tensor> besides(Node node) {
      return isStandardization(node)
          ? Map.of(node.name() + COUNT, Tensor.of(Shape.of(), 0))
          : Map.of();
    }

    /** Such a count, and the state of generators. */
    @Override
    boolean ignores(String name) {
      return name.endsWith(COUNT) || name.endsWith("/seed_generator_state");
    }

    @Override
    Map<String, String> metadata() {
      return Map.of("format", "keras");
    }

    /** Keras' layer Normalization. */
    private static boolean isStandardization(Node node) {
      return node.op() instanceof Standardization;
    }

    private static boolean isDepthwise(Node node) {
      return node.op() instanceof Conv2d conv
          && (node.name().endsWith("/depthwise")
              || (conv.groups() > 1 && conv.groups() == node.inputShapes().get(0).channels()));
    }
  };

  private static final String COUNT = "/count";

  /** The names that a parameter may have in a file; the first is the one to write. */
  abstract List<String> names(Node node, Role role);

  /** How its elements lie in a file. */
  abstract Arrangement arrangement(Node node, Parameter parameter);

  /** The nodes in the order in which a file has them. */
  List<Node> order(Graph graph) {
    return graph.nodes();
  }

  /** What a file has of a node besides its parameters. */
  Map<String, Tensor> besides(Node node) {
    return Map.of();
  }

  /** Whether a tensor of that name, which is no parameter, may stand in a file all the same. */
  abstract boolean ignores(String name);

  /** What a file of this naming says of itself. */
  abstract Map<String, String> metadata();
}
