package dev.depthwise.interchange;

import dev.depthwise.interchange.OnnxValue.Integers;
import dev.depthwise.interchange.OnnxValue.Numbers;
import dev.depthwise.weights.OnnxGraph.Attribute;
import dev.depthwise.weights.StoredTensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What nodes of an ONNX graph make of values that are known: mostly extents and axes. */
final class OnnxConstants {
  /** More integers than any shape, axis or list of indexes has. */
  private static final int MOST_INTEGERS = 1 << 16;

  private OnnxConstants() {}

  /** A weight. */
  static OnnxValue of(StoredTensor stored) {
    List<Integer> dimensions = stored.dimensions().stream().map(Math::toIntExact).toList();
    int size = dimensions.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
    if (stored.type().isInteger() && size <= MOST_INTEGERS) {
      return Integers.of(dimensions, stored.integers());
    }
    return new Numbers(dimensions, () -> stored.read().values());
  }

  /** The value of a {@code Constant}. */
  static OnnxValue constant(OnnxUse use) {
    Optional<Attribute> tensor = use.attribute("value");
    if (tensor.isPresent() && tensor.get().tensor().isPresent()) {
      return of(tensor.get().tensor().get());
    }
    for (String name : List.of("value_int", "value_ints", "value_float", "value_floats")) {
      Optional<Attribute> said = use.attribute(name);
      if (said.isPresent()) {
        return switch (name) {
          case "value_int" -> Integers.of(List.of(), said.get().integer());
          case "value_ints" ->
              Integers.of(said.get().integers().stream().mapToLong(Long::longValue).toArray());
          case "value_float" -> Numbers.of(List.of(), (float) said.get().number());
          default -> floats(said.get().numbers());
        };
      }
    }
    throw new Unsupported("has a value that is neither numbers nor integers");
  }

  private static Numbers floats(List<Double> said) {
    float[] numbers = new float[said.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = said.get(i).floatValue();
    }
    return Numbers.of(List.of(numbers.length), numbers);
  }

  /** What a node makes of inputs that are all known; nothing if it is none that does. */
  static Optional<OnnxValue> fold(OnnxUse use) {
    OnnxValue value = use.hasInput(0) ? use.input(0) : constant(use);
    return Optional.ofNullable(
        switch (use.node().type()) {
          case "Constant", "Identity" -> value;
          case "ConstantOfShape" -> filled(use);
          case "Cast" -> cast(use, value);
          case "Shape" -> shape(dimensions(value), use);
          case "Add", "Sub", "Mul", "Div" -> arithmetic(use);
          case "Concat" -> concatenation(use);
          case "Gather" -> gathered(use);
          case "Slice" -> slice(use);
          case "Squeeze", "Unsqueeze", "Reshape", "Flatten" -> reshaped(use, value);
          case "Transpose" -> transposed(use, value);
          default -> null;
        });
  }

  static List<Integer> dimensions(OnnxValue value) {
    if (value instanceof Integers integers) {
      return integers.dimensions();
    }
    return value instanceof Numbers numbers ? numbers.dimensions() : List.of();
  }

  private static OnnxValue redimensioned(OnnxValue value, List<Integer> dimensions) {
    if (value instanceof Integers integers) {
      return new Integers(dimensions, integers.values());
    }
    return new Numbers(dimensions, ((Numbers) value).values());
  }

  /** A list of extents, or the part of it that attributes ask for. */
  static Integers shape(List<Integer> dimensions, OnnxUse use) {
    int rank = dimensions.size();
    int from = limited(use.integer("start", 0), rank);
    int to = limited(use.integer("end", rank), rank);
    return Integers.of(
        dimensions.subList(Math.min(from, to), to).stream().mapToLong(each -> each).toArray());
  }

  private static int limited(long index, int rank) {
    return (int) Math.max(0, Math.min(rank, index < 0 ? index + rank : index));
  }

  private static OnnxValue filled(OnnxUse use) {
    long[] extent = use.integers("", 0).orElseGet(() -> new long[0]);
    int size = 1;
    List<Integer> dimensions = new ArrayList<>();
    for (long each : extent) {
      dimensions.add(Math.toIntExact(each));
      size = Math.multiplyExact(size, Math.toIntExact(each));
    }
    if (size < 0 || size > MOST_INTEGERS) {
      throw new Unsupported("makes a constant of " + Arrays.toString(extent));
    }
    OnnxValue value =
        use.attribute("value").isPresent() ? constant(use) : Numbers.of(List.of(1), 0);
    if (value instanceof Integers integers) {
      long[] filled = new long[size];
      Arrays.fill(filled, first(integers));
      return Integers.of(dimensions, filled);
    }
    float[] filled = new float[size];
    Arrays.fill(filled, ((Numbers) value).array()[0]);
    return Numbers.of(dimensions, filled);
  }

  private static long first(Integers integers) {
    if (integers.values().size() != 1) {
      throw new Unsupported("takes %s instead of a number".formatted(integers.extent()));
    }
    return integers.values().get(0);
  }

  /** Whether a number of ONNX' TensorProto.DataType is FLOAT, FLOAT16, DOUBLE or BFLOAT16. */
  static boolean isFloat(long type) {
    return List.of(1L, 10L, 11L, 16L).contains(type);
  }

  private static OnnxValue cast(OnnxUse use, OnnxValue value) {
    boolean toFloat = isFloat(use.integer("to", 1));
    if (value instanceof Integers integers && toFloat) {
      float[] numbers = new float[integers.values().size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = integers.values().get(i);
      }
      return Numbers.of(integers.dimensions(), numbers);
    }
    if (value instanceof Numbers numbers && !toFloat) {
      float[] array = small(numbers);
      long[] integers = new long[array.length];
      for (int i = 0; i < integers.length; i++) {
        integers[i] = (long) array[i];
      }
      return Integers.of(numbers.dimensions(), integers);
    }
    return value;
  }

  private static float[] small(Numbers numbers) {
    if (numbers.size() > MOST_INTEGERS) {
      throw new Unsupported("computes with a constant of " + numbers.extent());
    }
    return numbers.array();
  }

  private static OnnxValue arithmetic(OnnxUse use) {
    String type = use.node().type();
    if (use.input(0) instanceof Integers left && use.input(1) instanceof Integers right) {
      boolean takesLeft = left.values().size() >= right.values().size();
      return Integers.of(
          takesLeft ? left.dimensions() : right.dimensions(),
          paired(left.array(), right.array(), type));
    }
    Numbers left = use.numbers(0);
    Numbers right = use.numbers(1);
    DoubleBinaryOperator operator =
        switch (type) {
          case "Add" -> (a, b) -> a + b;
          case "Sub" -> (a, b) -> a - b;
          case "Mul" -> (a, b) -> a * b;
          default -> (a, b) -> a / b;
        };
    boolean fits =
        left.size() == 1 || right.size() == 1 || left.dimensions().equals(right.dimensions());
    if (!fits) {
      throw new Unsupported(
          "computes with constants of %s and %s".formatted(left.extent(), right.extent()));
    }
    float[] a = small(left);
    float[] b = small(right);
    float[] result = new float[Math.max(a.length, b.length)];
    for (int i = 0; i < result.length; i++) {
      result[i] =
          (float) operator.applyAsDouble(a[a.length == 1 ? 0 : i], b[b.length == 1 ? 0 : i]);
    }
    return Numbers.of(
        left.dimensions().size() >= right.dimensions().size() && left.size() >= right.size()
            ? left.dimensions()
            : right.dimensions(),
        result);
  }

  private static long[] paired(long[] left, long[] right, String type) {
    if (left.length != right.length && left.length != 1 && right.length != 1) {
      throw new Unsupported(
          "computes with %d and %d integers".formatted(left.length, right.length));
    }
    long[] result = new long[Math.max(left.length, right.length)];
    for (int i = 0; i < result.length; i++) {
      long a = left[left.length == 1 ? 0 : i];
      long b = right[right.length == 1 ? 0 : i];
      result[i] =
          switch (type) {
            case "Add" -> Math.addExact(a, b);
            case "Sub" -> Math.subtractExact(a, b);
            case "Mul" -> Math.multiplyExact(a, b);
            default -> a / b;
          };
    }
    return result;
  }

  private static OnnxValue concatenation(OnnxUse use) {
    LongStream integers = LongStream.empty();
    DoubleStream numbers = DoubleStream.empty();
    for (int i = 0; i < use.inputs().size(); i++) {
      OnnxValue part = use.input(i);
      if (dimensions(part).size() != 1) {
        throw new Unsupported("joins constants of " + part.extent());
      }
      if (part instanceof Integers known) {
        integers = LongStream.concat(integers, Arrays.stream(known.array()));
      } else {
        float[] known = small((Numbers) part);
        numbers =
            DoubleStream.concat(
                numbers, IntStream.range(0, known.length).mapToDouble(j -> known[j]));
      }
    }
    if (use.input(0) instanceof Integers) {
      return Integers.of(integers.toArray());
    }
    return floats(numbers.boxed().toList());
  }

  /** The integers at some indexes. */
  private static OnnxValue gathered(OnnxUse use) {
    if (!(use.input(0) instanceof Integers integers)
        || !(use.input(1) instanceof Integers indexes)
        || integers.dimensions().size() != 1) {
      throw new Unsupported("picks from a constant of " + use.input(0).extent());
    }
    int count = integers.values().size();
    return new Integers(
        indexes.dimensions(),
        indexes.values().stream()
            .map(index -> integers.values().get(OnnxUse.axis(index, count)))
            .toList());
  }

  private static OnnxValue slice(OnnxUse use) {
    if (!(use.input(0) instanceof Integers integers)) {
      throw new Unsupported("takes a part of a constant of " + use.input(0).extent());
    }
    Integers result = integers;
    for (OnnxSlice slice : OnnxSlice.of(use, integers.dimensions().size())) {
      List<Integer> dimensions = new ArrayList<>(result.dimensions());
      int[] indexes = slice.indexes(dimensions.get(slice.axis()));
      int inner = product(dimensions.subList(slice.axis() + 1, dimensions.size()));
      int outer = product(dimensions.subList(0, slice.axis()));
      int whole = dimensions.get(slice.axis()) * inner;
      List<Long> kept = new ArrayList<>();
      for (int block = 0; block < outer; block++) {
        for (int index : indexes) {
          int from = block * whole + index * inner;
          kept.addAll(result.values().subList(from, from + inner));
        }
      }
      dimensions.set(slice.axis(), indexes.length);
      result = new Integers(dimensions, kept);
    }
    return result;
  }

  private static OnnxValue reshaped(OnnxUse use, OnnxValue value) {
    List<Integer> dimensions = dimensions(value);
    return redimensioned(
        value,
        switch (use.node().type()) {
          case "Squeeze" -> squeezed(use, dimensions);
          case "Unsqueeze" -> unsqueezed(use, dimensions);
          case "Flatten" -> flattened(use, dimensions);
          default -> reshaped(use, dimensions);
        });
  }

  /** The dimensions without those of one that are named, or without all of one. */
  static List<Integer> squeezed(OnnxUse use, List<Integer> dimensions) {
    List<Integer> left = new ArrayList<>(dimensions);
    Optional<long[]> axes = use.integers("axes", 1);
    if (axes.isEmpty()) {
      left.removeIf(each -> each == 1);
      return left;
    }
    Arrays.stream(axes.get())
        .mapToObj(axis -> OnnxUse.axis(axis, dimensions.size()))
        .distinct()
        .sorted(Collections.reverseOrder())
        .forEach(
            axis -> {
              if (left.remove((int) axis) != 1) {
                throw new Unsupported("drops axis %d of %s".formatted(axis, dimensions.toString()));
              }
            });
    return left;
  }

  /** The dimensions and more of one. */
  static List<Integer> unsqueezed(OnnxUse use, List<Integer> dimensions) {
    long[] axes = use.integers("axes", 1).orElseGet(() -> new long[0]);
    int rank = dimensions.size() + axes.length;
    List<Integer> more = new ArrayList<>(dimensions);
    Arrays.stream(axes)
        .mapToObj(axis -> OnnxUse.axis(axis, rank))
        .sorted()
        .forEach(
            axis -> {
              if (axis > more.size()) {
                throw new Unsupported("adds axis %d to %s".formatted(axis, dimensions));
              }
              more.add(axis, 1);
            });
    return more;
  }

  /** Two dimensions: those before an axis together, and the others. */
  static List<Integer> flattened(OnnxUse use, List<Integer> dimensions) {
    long said = use.integer("axis", 1);
    int axis =
        said == dimensions.size() ? dimensions.size() : OnnxUse.axis(said, dimensions.size());
    return List.of(
        product(dimensions.subList(0, axis)), product(dimensions.subList(axis, dimensions.size())));
  }

  /** The dimensions that are asked for: 0 stands for the old one, -1 for what is left. */
  static List<Integer> reshaped(OnnxUse use, List<Integer> dimensions) {
    long[] wanted = use.integers("shape", 1).orElseThrow(() -> new Unsupported("has no shape"));
    boolean keepsZeros = use.integer("allowzero", 0) != 0;
    int open = -1;
    int known = 1;
    List<Integer> result = new ArrayList<>();
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i] == 0 && !keepsZeros && i < dimensions.size()) {
        result.add(dimensions.get(i));
      } else {
        result.add(Math.toIntExact(wanted[i]));
      }
      if (result.get(i) == -1) {
        open = i;
      } else {
        known = Math.multiplyExact(known, result.get(i));
      }
    }
    int size = product(dimensions);
    boolean fits = known > 0 && (open < 0 ? known == size : size % known == 0);
    if (!fits) {
      throw new Unsupported("makes %s of %s".formatted(Arrays.toString(wanted), dimensions));
    }
    if (open >= 0) {
      result.set(open, size / known);
    }
    return result;
  }

  static int product(List<Integer> dimensions) {
    return dimensions.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
  }

  /** The order of the axes that a {@code Transpose} asks for: all reversed, if it does not say. */
  static List<Integer> permutation(OnnxUse use, int rank) {
    Optional<long[]> said = use.integers("perm");
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      int reversed = rank - 1 - i;
      order.add(
          said.isEmpty() || i >= said.get().length ? reversed : OnnxUse.axis(said.get()[i], rank));
    }
    if (order.stream().distinct().count() != rank) {
      throw new Unsupported("orders its axes as " + order);
    }
    return order;
  }

  private static OnnxValue transposed(OnnxUse use, OnnxValue value) {
    List<Integer> from = dimensions(value);
    List<Integer> order = permutation(use, from.size());
    List<Integer> to = order.stream().map(from::get).toList();
    if (value instanceof Integers integers) {
      return new Integers(
          to, Arrays.stream(sources(from, order)).mapToObj(integers.values()::get).toList());
    }
    Numbers numbers = (Numbers) value;
    return new Numbers(
        to,
        () -> {
          FloatBuffer source = numbers.values().get();
          int begin = source.position();
          int[] sources = sources(from, order);
          float[] moved = new float[sources.length];
          for (int i = 0; i < moved.length; i++) {
            moved[i] = source.get(begin + sources[i]);
          }
          return FloatBuffer.wrap(moved);
        });
  }

  /** Where each element was before the axes got another order. */
  private static int[] sources(List<Integer> from, List<Integer> order) {
    int rank = order.size();
    int[] strides = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      strides[axis] = product(from.subList(order.get(axis) + 1, rank));
    }
    int[] sources = new int[product(from)];
    int[] place = new int[rank];
    int at = 0;
    for (int i = 0; i < sources.length; i++) {
      sources[i] = at;
      for (int axis = rank - 1; axis >= 0; axis--) {
        place[axis]++;
        at += strides[axis];
        int extent = from.get(order.get(axis));
        if (place[axis] < extent) {
          break;
        }
        at -= extent * strides[axis];
        place[axis] = 0;
      }
    }
    return sources;
  }
}
