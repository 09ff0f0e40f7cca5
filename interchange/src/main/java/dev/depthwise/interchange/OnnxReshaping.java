package dev.depthwise.interchange;

import dev.depthwise.interchange.OnnxValue.Integers;
import dev.depthwise.interchange.OnnxValue.Traced;
import dev.depthwise.network.Crop;
import dev.depthwise.network.Flatten.Order;
import dev.depthwise.network.MaxPool;
import dev.depthwise.network.PadChannels;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Subsample;
import dev.depthwise.network.Value;
import dev.depthwise.network.Window;
import dev.depthwise.network.ZeroPad;
import dev.depthwise.weights.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The operators of ONNX that move elements and compute nothing. */
final class OnnxReshaping {
  static final List<String> OPERATORS =
      List.of(
          "Concat",
          "Expand",
          "Flatten",
          "Gather",
          "Pad",
          "Reshape",
          "Shape",
          "Slice",
          "Split",
          "Squeeze",
          "Transpose",
          "Unsqueeze");

  private final Sketch sketch;
  private final int batch;

  OnnxReshaping(Sketch sketch, int batch) {
    this.sketch = sketch;
    this.batch = batch;
  }

  List<OnnxValue> write(OnnxUse use) {
    Flow flow = use.flow(0);
    return switch (use.node().type()) {
      case "Shape" -> List.of(OnnxConstants.shape(whole(flow), use));
      case "Split" -> split(use, flow);
      default -> List.of(new Traced(moved(use, flow)));
    };
  }

  private Flow moved(OnnxUse use, Flow flow) {
    return switch (use.node().type()) {
      case "Concat" -> concatenation(use);
      case "Expand" -> expanded(use, flow);
      case "Flatten" -> reshaped(flow, OnnxConstants.flattened(use, whole(flow)));
      case "Gather" -> gathered(use, flow);
      case "Pad" -> padded(use, flow);
      case "Reshape" -> reshaped(flow, OnnxConstants.reshaped(use, whole(flow)));
      case "Slice" -> slice(use, flow);
      case "Squeeze" -> reshaped(flow, OnnxConstants.squeezed(use, whole(flow)));
      case "Transpose" -> transposed(use, flow);
      case "Unsqueeze" -> reshaped(flow, OnnxConstants.unsqueezed(use, whole(flow)));
      default -> throw new IllegalStateException(use.node().type());
    };
  }

  /** The dimensions with that of the batch. */
  private List<Integer> whole(Flow flow) {
    List<Integer> dimensions = new ArrayList<>();
    dimensions.add(batch);
    dimensions.addAll(flow.dimensions());
    return dimensions;
  }

  private Flow reshaped(Flow flow, List<Integer> dimensions) {
    if (dimensions.isEmpty() || dimensions.get(0) != batch) {
      throw new Unsupported("mixes the pictures of a batch, or what it makes does not begin so");
    }
    return tidied(flow.reshaped(dimensions.subList(1, dimensions.size())));
  }

  /** Of a single place, it is by the dimensions that one sees where the channels are. */
  private static Flow tidied(Flow flow) {
    if (!Sketch.isOnePlace(flow.value().shape()) || flow.dimensions().size() != 3) {
      return flow;
    }
    Order order = flow.dimensions().get(0) == flow.size() ? Order.CHW : Order.HWC;
    return new Flow(flow.value(), flow.dimensions(), order);
  }

  private static Flow transposed(OnnxUse use, Flow flow) {
    List<Integer> order = OnnxConstants.permutation(use, flow.dimensions().size() + 1);
    if (order.equals(IntStream.range(0, order.size()).boxed().toList())) {
      return flow;
    }
    boolean isPicture =
        flow.value().shape().isPicture()
            && flow.dimensions().equals(Sketch.flow(flow.value(), flow.order()).dimensions());
    if (isPicture && flow.order() == Order.CHW && order.equals(List.of(0, 2, 3, 1))) {
      return Sketch.flow(flow.value(), Order.HWC);
    }
    if (isPicture && flow.order() == Order.HWC && order.equals(List.of(0, 3, 1, 2))) {
      return Sketch.flow(flow.value(), Order.CHW);
    }
    throw new Unsupported(
        "orders the axes of %s as %s; channels can go last, and first again"
            .formatted(flow.extent(), order));
  }

  private Flow concatenation(OnnxUse use) {
    List<Flow> parts = IntStream.range(0, use.inputs().size()).mapToObj(use::flow).toList();
    OnnxArithmetic.requireChannels(parts.get(0), use.integer("axis", 1));
    return sketch.concatenation(use.name(), parts);
  }

  private Flow expanded(OnnxUse use, Flow flow) {
    long[] wanted = use.integers("shape", 1).orElseThrow(() -> new Unsupported("has no shape"));
    List<Integer> there = whole(flow);
    int shift = there.size() - wanted.length;
    for (int i = 0; i < wanted.length; i++) {
      if (shift < 0 || (wanted[i] != 1 && wanted[i] != there.get(i + shift))) {
        throw new Unsupported("repeats %s to %s".formatted(there, Arrays.toString(wanted)));
      }
    }
    return flow;
  }

  private Flow gathered(OnnxUse use, Flow flow) {
    int axis = OnnxUse.axis(use.integer("axis", 0), flow);
    if (!(use.input(1) instanceof Integers indexes) || indexes.dimensions().size() > 1) {
      throw new Unsupported("picks what is not known before it runs");
    }
    Flow picked = picked(use.name(), flow, axis, within(flow, axis, indexes.array()));
    if (!indexes.dimensions().isEmpty()) {
      return picked;
    }
    List<Integer> left = new ArrayList<>(picked.dimensions());
    left.remove(axis);
    return picked.reshaped(left);
  }

  private static int[] within(Flow flow, int axis, long[] indexes) {
    int extent = flow.dimensions().get(axis);
    return Arrays.stream(indexes).mapToInt(index -> OnnxUse.axis(index, extent)).toArray();
  }

  private Flow picked(String name, Flow flow, int axis, int[] indexes) {
    if (axis != flow.channelAxis() || indexes.length == 0) {
      throw new Unsupported(
          "picks from axis %d of %s; channels can be picked".formatted(axis, flow.extent()));
    }
    if (Arrays.equals(indexes, IntStream.range(0, flow.dimensions().get(axis)).toArray())) {
      return flow;
    }
    Flow picked = sketch.channels(name, flow, indexes);
    return flow.dimensions().size() == 1 ? picked.reshaped(List.of(indexes.length)) : picked;
  }

  private List<OnnxValue> split(OnnxUse use, Flow flow) {
    int axis = OnnxUse.axis(use.integer("axis", 0), flow);
    int extent = flow.dimensions().get(axis);
    int count = use.node().outputs().size();
    int even = (extent + count - 1) / count;
    long[] parts =
        use.integers("split", 1)
            .orElseGet(
                () ->
                    IntStream.range(0, count)
                        .mapToLong(i -> Math.min(even, extent - (long) i * even))
                        .toArray());
    if (parts.length != count
        || Arrays.stream(parts).anyMatch(part -> part < 1 || part > extent)
        || Arrays.stream(parts).sum() != extent) {
      throw new Unsupported("splits %d into %s".formatted(extent, Arrays.toString(parts)));
    }
    List<OnnxValue> results = new ArrayList<>();
    int from = 0;
    for (long part : parts) {
      int to = from + (int) part;
      results.add(
          new Traced(
              picked(
                  use.name() + "/" + results.size(),
                  flow,
                  axis,
                  IntStream.range(from, to).toArray())));
      from = to;
    }
    return results;
  }

  private Flow slice(OnnxUse use, Flow flow) {
    Flow result = flow;
    int[] first = {0, 0};
    int[] step = {1, 1};
    int[] count = {flow.value().shape().height(), flow.value().shape().width()};
    for (OnnxSlice slice : OnnxSlice.of(use, flow.dimensions().size() + 1)) {
      if (slice.axis() == 0) {
        if (slice.indexes(batch).length != batch || slice.step() != 1) {
          throw new Unsupported("takes some pictures of a batch");
        }
        continue;
      }
      int axis = slice.axis() - 1;
      int[] indexes = slice.indexes(flow.dimensions().get(axis));
      if (axis == flow.channelAxis()) {
        result = picked(use.name(), result, axis, indexes);
        continue;
      }
      if (flow.dimensions().size() != 3 || indexes.length == 0 || slice.step() < 0) {
        throw new Unsupported("takes %d places of %s".formatted(indexes.length, flow.extent()));
      }
      int side = flow.order() == Order.CHW ? axis - 1 : axis;
      first[side] = indexes[0];
      step[side] = (int) slice.step();
      count[side] = indexes.length;
    }
    return places(use.name(), result, first, step, count);
  }

  private Flow places(String name, Flow flow, int[] first, int[] step, int[] count) {
    Shape shape = flow.value().shape();
    int bottom = shape.height() - first[0] - (count[0] - 1) * step[0] - 1;
    int right = shape.width() - first[1] - (count[1] - 1) * step[1] - 1;
    boolean strides = step[0] > 1 || step[1] > 1;
    // What a stride leaves behind its last place needs no cropping, unless there would be one more.
    int below = strides && bottom < step[0] ? 0 : bottom;
    int behind = strides && right < step[1] ? 0 : right;
    Value value = flow.value();
    if (first[0] > 0 || first[1] > 0 || below > 0 || behind > 0) {
      value =
          sketch.emit(
              strides ? name + "/crop" : name,
              new Crop(first[0], first[1], below, behind),
              Map.of(),
              sketch.picture(flow));
    }
    if (strides) {
      value =
          sketch.emit(
              name,
              step[0] == step[1]
                  ? new Subsample(step[0])
                  : new MaxPool(
                      new Window(1, 1, step[0], step[1], 1, 1, Window.k(1).valid().padding())),
              Map.of(),
              value);
    }
    return value.equals(flow.value()) ? flow : Sketch.flow(value, flow.order());
  }

  private Flow padded(OnnxUse use, Flow flow) {
    if (!use.text("mode", "constant").equals("constant")) {
      throw new Unsupported("pads by " + Text.quote(use.text("mode", "")));
    }
    double fill = use.hasInput(2) ? use.number(2) : use.real("value", 0);
    int rank = flow.dimensions().size();
    long[] pads = use.integers("pads", 1).orElseThrow(() -> new Unsupported("says no pads"));
    // Exporters have a reason to write the least number there is for zero, see OnnxExport.
    if (Math.abs(fill) > OnnxExport.ALMOST_ZERO
        || pads.length != 2 * (rank + 1)
        || rank != 3
        || use.hasInput(3)) {
      throw new Unsupported(
          "pads %s by %s with %s".formatted(flow.extent(), Arrays.toString(pads), fill));
    }
    int rows = flow.order() == Order.CHW ? 2 : 1;
    int channels = flow.channelAxis() + 1;
    int behind = rank + 1;
    if (pads[0] != 0 || pads[behind] != 0 || pads[channels] != 0) {
      throw new Unsupported("pads by " + Arrays.toString(pads));
    }
    long[] sides = {pads[rows], pads[rows + 1], pads[behind + rows], pads[behind + rows + 1]};
    int more = Math.toIntExact(pads[behind + channels]);
    Value value = sketch.picture(flow);
    if (Arrays.stream(sides).anyMatch(side -> side > 0)) {
      int[] added = Arrays.stream(sides).mapToInt(s -> Math.toIntExact(Math.max(0, s))).toArray();
      value =
          sketch.emit(
              use.name(), new ZeroPad(added[0], added[1], added[2], added[3]), Map.of(), value);
    }
    if (Arrays.stream(sides).anyMatch(side -> side < 0)) {
      int[] taken = Arrays.stream(sides).mapToInt(s -> Math.toIntExact(Math.max(0, -s))).toArray();
      value =
          sketch.emit(
              use.name(), new Crop(taken[0], taken[1], taken[2], taken[3]), Map.of(), value);
    }
    if (more < 0) {
      throw new Unsupported("pads by " + Arrays.toString(pads));
    }
    if (more > 0) {
      value = sketch.emit(use.name(), new PadChannels(more), Map.of(), value);
    }
    return Sketch.flow(value, flow.order());
  }
}
