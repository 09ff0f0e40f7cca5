package dev.depthwise.weights;

import dev.depthwise.network.Role;
import dev.depthwise.network.Weights;
import java.util.Locale;
import java.util.Map;

/**
 * How a file names the parameters of a graph: one rule, for reading and for writing.
 *
 * <p>Every naming takes the names of the layers as the graph has them; they are those of its style.
 */
public enum Naming {
  /** Depthwise's own: {@code conv1/kernel}. */
  DEPTHWISE {
    @Override
    public String name(Weights.Key key) {
      return key.node() + "/" + key.role().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean ignores(String name) {
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
    public String name(Weights.Key key) {
      return key.node() + "." + suffix(key.role());
    }

    /** Batch norm's counter of steps, which no computation needs. */
    @Override
    public boolean ignores(String name) {
      return name.endsWith(".num_batches_tracked");
    }

    @Override
    Map<String, String> metadata() {
      return Map.of("format", "pt");
    }

    private static String suffix(Role role) {
      return switch (role) {
        case KERNEL, SCALE, SLOPE -> "weight";
        case BIAS, SHIFT -> "bias";
        // torchvision's ConvNeXt keeps it beside its layers, as the block's own.
        case LAYER_SCALE -> "layer_scale";
        case MEAN -> "running_mean";
        case VARIANCE -> "running_var";
      };
    }
  };

  /** The naming that a file says it has; PyTorch's, if it says nothing. */
  static Naming of(NamedTensors tensors) {
    return tensors.metadata().entrySet().containsAll(DEPTHWISE.metadata().entrySet())
        ? DEPTHWISE
        : TORCH;
  }

  /** The name of a parameter in a file. */
  public abstract String name(Weights.Key key);

  /** Whether a tensor of that name, which is no parameter, may stand in a file all the same. */
  public abstract boolean ignores(String name);

  /** What a file of this naming says of itself. */
  abstract Map<String, String> metadata();
}
