package dev.depthwise.weights;

import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * How the elements of a parameter lie in a file: as here, but with its axes in another order.
 *
 * @param split the parameter's shape, as fine as the order needs it
 * @param order the axes of {@code split} from the outermost to the innermost in the file
 */
public record Arrangement(List<Integer> split, List<Integer> order) {
  public Arrangement {
    split = List.copyOf(split);
    order = List.copyOf(order);
  }

  /** As here. */
  public static Arrangement asHere(Shape shape) {
    List<Integer> split = shape.dimensions();
    return new Arrangement(split, axes(split.size()));
  }

  /** As here, in other dimensions. */
  public static Arrangement as(Integer... dimensions) {
    return new Arrangement(List.of(dimensions), axes(dimensions.length));
  }

  /** {@code [out, in / groups, height, width]} here, {@code [height, width, in / groups, out]}. */
  public static Arrangement convolution(Shape kernel) {
    return new Arrangement(kernel.dimensions(), List.of(2, 3, 1, 0));
  }

  /**
   * {@code [channels * multiplier, 1, height, width]}, {@code [height, width, channels,
   * multiplier]}.
   */
  public static Arrangement depthwise(Shape kernel, int channels) {
    return new Arrangement(
        List.of(channels, kernel.dimension(0) / channels, kernel.dimension(2), kernel.dimension(3)),
        List.of(2, 3, 0, 1));
  }

  /** {@code [out, in]} here, {@code [in, out]}. */
  public static Arrangement dense(Shape kernel) {
    return new Arrangement(kernel.dimensions(), List.of(1, 0));
  }

  /** The shape that the file has. */
  public Shape shape() {
    return new Shape(order.stream().map(split::get).toList());
  }

  /** Whether a tensor of these dimensions can be it; dimensions of 1 may be there or not. */
  public boolean fits(List<Long> dimensions) {
    return withoutOnes(dimensions)
        .equals(withoutOnes(shape().dimensions().stream().map(Integer::longValue).toList()));
  }

  private static List<Long> withoutOnes(List<Long> dimensions) {
    return dimensions.stream().filter(dimension -> dimension != 1).toList();
  }

  /** The parameter from what the file has. */
  public Tensor fromFile(StoredTensor stored, Shape parameter) {
    if (isAsHere()) {
      return new Tensor(parameter, stored.read().values());
    }
    float[] values = new float[parameter.size()];
    Walk walk = new Walk();
    stored.floats(
        part -> {
          while (part.hasRemaining()) {
            values[walk.next()] = part.get();
          }
        });
    return new Tensor(parameter, FloatBuffer.wrap(values));
  }

  /** What the file has from the parameter. */
  public Tensor toFile(Tensor parameter) {
    FloatBuffer values = parameter.values();
    if (isAsHere()) {
      return new Tensor(shape(), values);
    }
    float[] moved = new float[values.remaining()];
    Walk walk = new Walk();
    for (int file = 0; file < moved.length; file++) {
      moved[file] = values.get(walk.next());
    }
    return new Tensor(shape(), FloatBuffer.wrap(moved));
  }

  private boolean isAsHere() {
    return order.equals(axes(order.size()));
  }

  private static List<Integer> axes(int rank) {
    Integer[] axes = new Integer[rank];
    Arrays.setAll(axes, axis -> axis);
    return List.of(axes);
  }

  /** Goes over the elements in the file's order, and says where each is here. */
  private final class Walk {
    private final int rank = order.size();
    private final int[] extents = new int[rank];
    private final int[] strides = new int[rank];
    private final int[] place = new int[rank];
    private int here;

    Walk() {
      for (int axis = 0; axis < rank; axis++) {
        int from = order.get(axis);
        extents[axis] = split.get(from);
        strides[axis] = split.subList(from + 1, rank).stream().reduce(1, (a, b) -> a * b);
      }
    }

    int next() {
      int element = here;
      for (int axis = rank - 1; axis >= 0; axis--) {
        here += strides[axis];
        if (++place[axis] < extents[axis]) {
          break;
        }
        here -= strides[axis] * extents[axis];
        place[axis] = 0;
      }
      return element;
    }
  }
}
