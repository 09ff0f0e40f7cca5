package dev.depthwise.engine.tck;

import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Node;
import dev.depthwise.network.Parameter;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Weights and pictures by formula, so that numbers computed elsewhere can be held against ours
 * without a file of weights.
 *
 * <p>The {@code element}-th number of the {@code tensor}-th entry of a PyTorch state dictionary is
 * SplitMix64's output for the state {@code tensor << 32 + element}.
 */
public final class Filler {
  private static final int PICTURES = 0xFFFF;

  private Filler() {}

  /** A number in [0, 1): 53 bits. */
  public static double uniform(int tensor, long element) {
    long mixed = ((long) tensor << 32) + element + 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    mixed ^= mixed >>> 31;
    return (mixed >>> 11) * 0x1.0p-53;
  }

  /**
   * The weights of a network whose nodes are in the order of PyTorch's state dictionary.
   *
   * @param gain of the kernels; chosen per network so that activations neither die nor explode
   */
  public static Weights weights(Graph graph, double gain) {
    Map<Weights.Key, Shape> shapes = graph.parameters();
    Map<Weights.Key, Tensor> tensors = new LinkedHashMap<>();
    entries(graph)
        .forEach(
            (tensor, key) -> {
              Shape shape = Objects.requireNonNull(shapes.get(key));
              float[] values = new float[shape.size()];
              int fanIn = shape.size() / shape.dimension(0);
              for (int element = 0; element < values.length; element++) {
                values[element] = (float) value(key.role(), fanIn, gain, uniform(tensor, element));
              }
              tensors.put(key, Tensor.of(shape, values));
            });
    return new Weights(tensors);
  }

  /** The position in the state dictionary of each parameter. */
  static Map<Integer, Weights.Key> entries(Graph graph) {
    Map<Integer, Weights.Key> entries = new LinkedHashMap<>();
    int next = 0;
    for (Node node : graph.nodes()) {
      for (Parameter parameter : node.parameters()) {
        entries.put(next++, new Weights.Key(node.name(), parameter.role()));
      }
      if (node.op() instanceof BatchNorm) {
        // PyTorch counts the batches there; the filler gives that entry a number all the same.
        next++;
      }
    }
    return entries;
  }

  /** The name of a parameter in a state dictionary. */
  public static String torchName(Weights.Key key) {
    return key.node()
        + switch (key.role()) {
          case KERNEL, SCALE, SLOPE -> ".weight";
          case BIAS, SHIFT -> ".bias";
          case LAYER_SCALE -> ".layer_scale";
          case MEAN -> ".running_mean";
          case VARIANCE -> ".running_var";
        };
  }

  private static double value(Role role, int fanIn, double gain, double uniform) {
    return switch (role) {
      case KERNEL -> (uniform - 0.5) * 2 * (gain * Math.sqrt(3.0 / fanIn));
      case BIAS -> 0.1 * uniform;
      case SCALE, VARIANCE -> 0.8 + 0.4 * uniform;
      case SHIFT, MEAN -> (uniform - 0.5) * 0.2;
      case LAYER_SCALE, SLOPE -> 0.5 * uniform;
    };
  }

  /** A batch of pictures in [-1, 1], in NCHW order. */
  public static float[] pictures(int count, Shape picture) {
    float[] pictures = new float[count * picture.size()];
    int element = 0;
    for (int number = 0; number < count; number++) {
      for (int channel = 0; channel < picture.channels(); channel++) {
        for (int row = 0; row < picture.height(); row++) {
          for (int column = 0; column < picture.width(); column++) {
            double saw = (row * (3 + channel) + column * (5 + 2 * number)) % 64 / 31.5 - 1.0;
            double noise = 2 * uniform(PICTURES, element) - 1;
            pictures[element++] = (float) (0.5 * noise + 0.5 * saw);
          }
        }
      }
    }
    return pictures;
  }
}
