package dev.depthwise.interchange;

import dev.depthwise.network.Activation;
import dev.depthwise.network.Add;
import dev.depthwise.network.AveragePool;
import dev.depthwise.network.Concat;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Dense;
import dev.depthwise.network.Flatten;
import dev.depthwise.network.Flatten.Order;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Input;
import dev.depthwise.network.LayerScale;
import dev.depthwise.network.MaxPool;
import dev.depthwise.network.Model;
import dev.depthwise.network.Multiply;
import dev.depthwise.network.Node;
import dev.depthwise.network.Op;
import dev.depthwise.network.Padding;
import dev.depthwise.network.Role;
import dev.depthwise.network.Scale;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Softmax;
import dev.depthwise.network.Standardization;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Value;
import dev.depthwise.network.Weights;
import dev.depthwise.network.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A graph while it is read from the file of another library.
 *
 * <p>Everything is written over pictures, vectors as those of a single place, since any operation
 * takes these; {@link Vectors} tidies up at the end. Tensors are read when all is known to fit.
 */
final class Sketch {
  /**
   * Above this factor the squared deviation of a {@link Standardization} would near its epsilon.
   */
  private static final double STEEP = 1e3;

  /** Below this factor float32 would not hold the squared deviation's like well. */
  private static final double GENTLE = 1e-6;

  private final Order order;
  private final List<Node> nodes = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> dense = new HashSet<>();
  private final Map<Weights.Key, Supplier<Tensor>> tensors = new LinkedHashMap<>();

  /**
   * Starts with an input.
   *
   * @param order where the other library has a picture's channels, if nothing else is said
   */
  Sketch(String name, Shape input, Order order) {
    this.order = order;
    emit(name, new Input(input), Map.of());
  }

  /** The input. */
  Flow input() {
    return flow(nodes.get(0).output());
  }

  /** A value with the dimensions that it has in the other library. */
  Flow flow(Value value) {
    return flow(value, order);
  }

  /** A value with the dimensions that it has where channels are found in that order. */
  static Flow flow(Value value, Order order) {
    Shape shape = value.shape();
    return new Flow(
        value,
        shape.isPicture() && order == Order.HWC
            ? List.of(shape.height(), shape.width(), shape.channels())
            : shape.dimensions(),
        order);
  }

  /**
   * A value as the picture that it is in the other library; a vector is one of a single place.
   *
   * @throws Unsupported if it is none
   */
  Value picture(Flow flow) {
    Shape shape = flow.value().shape();
    boolean isVector =
        flow.dimensions().equals(List.of(shape.size())) && shape.size() == shape.channels();
    boolean isPicture =
        shape.isPicture()
            && (isVector
                || flow.dimensions().equals(flow(flow.value(), flow.order()).dimensions()));
    if (!isPicture) {
      throw new Unsupported(
          "needs a picture, but gets %s%s"
              .formatted(flow.extent(), shape.isPicture() ? "" : " that was one no more"));
    }
    return flow.value();
  }

  /** A value as a vector, its elements in the order of the other library. */
  Value vector(String name, Flow flow) {
    Value value = flow.value();
    if (!value.shape().isPicture()) {
      return value;
    }
    return emit(name, new Flatten(flow.order()), Map.of(), value);
  }

  /** A vector as what is normalised as a whole: as it is, if it is one of a single place. */
  Value wholeVector(String name, Flow flow) {
    return isOnePlace(flow.value().shape()) ? flow.value() : vector(name, flow);
  }

  /** Adds a node; its name gets a number behind it if it is taken. */
  Value emit(String name, Op op, Map<Role, Supplier<Tensor>> parameters, Value... inputs) {
    Shape shape;
    try {
      shape = op.infer(Arrays.stream(inputs).map(Value::shape).toList());
    } catch (IllegalArgumentException e) {
      throw new Unsupported(e.getMessage() == null ? "does not fit its input" : e.getMessage());
    }
    String given = name.isEmpty() ? "layer" : name;
    String unique = given;
    for (int number = 2; !names.add(unique); number++) {
      unique = given + "_" + number;
    }
    Value output = new Value(nodes.size(), shape);
    nodes.add(new Node(unique, op, List.of(inputs), output));
    for (Map.Entry<Role, Supplier<Tensor>> parameter : parameters.entrySet()) {
      tensors.put(new Weights.Key(unique, parameter.getKey()), parameter.getValue());
    }
    return output;
  }

  /**
   * Adds a bias to the convolution or fully connected layer that made a value which nothing else
   * reads; false if something else made it, or one with a bias.
   */
  boolean addBias(Value value, Supplier<Tensor> bias, int count) {
    Node node = nodes.get(value.index());
    if (!(node.op() instanceof Conv2d conv) || conv.bias() || conv.filters() != count) {
      return false;
    }
    Op biased = new Conv2d(conv.filters(), conv.window(), conv.groups(), true);
    nodes.set(value.index(), new Node(node.name(), biased, node.inputs(), node.output()));
    tensors.put(new Weights.Key(node.name(), Role.BIAS), bias);
    return true;
  }

  /** The node that made a value. */
  Node producer(Value value) {
    return nodes.get(value.index());
  }

  /** Adds a node that works on each element by itself, whatever the dimensions. */
  Flow each(String name, Op op, Flow flow) {
    return flow.with(emit(name, op, Map.of(), flow.value()));
  }

  /** Whether a name is free. */
  boolean isFree(String name) {
    return !names.contains(name);
  }

  /**
   * A fully connected layer over all elements.
   *
   * @param kernel units x channels x height x width of the picture that the elements are here
   */
  Flow dense(
      String name,
      Flow flow,
      int units,
      Supplier<Tensor> kernel,
      Map<Role, Supplier<Tensor>> bias) {
    Value value = flow.value();
    Shape shape = value.shape();
    Map<Role, Supplier<Tensor>> parameters = new LinkedHashMap<>();
    parameters.put(Role.KERNEL, kernel);
    parameters.putAll(bias);
    if (!shape.isPicture()) {
      return flow.with(emit(name, new Dense(units, !bias.isEmpty()), parameters, value))
          .reshaped(List.of(units));
    }
    Op op = new Conv2d(units, whole(shape), 1, !bias.isEmpty());
    Value output = emit(name, op, parameters, value);
    dense.add(nodes.get(output.index()).name());
    return new Flow(output, List.of(units), flow.order());
  }

  /** The mean of each channel, a picture of one place. */
  Value globalAverage(String name, Value picture) {
    Shape shape = picture.shape();
    return isOnePlace(shape)
        ? picture
        : emit(name, new AveragePool(whole(shape), false), Map.of(), picture);
  }

  /** The largest element of each channel, a picture of one place. */
  Value globalMax(String name, Value picture) {
    Shape shape = picture.shape();
    return isOnePlace(shape) ? picture : emit(name, new MaxPool(whole(shape)), Map.of(), picture);
  }

  /** A window over the whole of a picture. */
  static Window whole(Shape picture) {
    try {
      return Window.k(picture.height(), picture.width()).pad(new Padding.Explicit(0, 0, 0, 0));
    } catch (IllegalArgumentException e) {
      throw new Unsupported("looks at a picture of " + picture + " at once");
    }
  }

  static boolean isOnePlace(Shape shape) {
    return shape.isPicture() && shape.height() == 1 && shape.width() == 1;
  }

  /** Probabilities of a vector. */
  Flow softmax(String name, Flow flow) {
    if (flow.dimensions().isEmpty() || flow.dimensions().get(flow.channelAxis()) != flow.size()) {
      throw new Unsupported(
          "makes probabilities at every place of %s; of a vector they can be made"
              .formatted(flow.extent()));
    }
    Value vector = vector(name + "/flatten", flow);
    return flow.with(emit(name, new Softmax(), Map.of(), vector));
  }

  /** The sum of two or more of one extent. */
  Flow sum(String name, List<Flow> terms) {
    requireOneOrder(terms);
    Flow sum = terms.get(0);
    for (int i = 1; i < terms.size(); i++) {
      Flow term = terms.get(i);
      if (!term.dimensions().equals(sum.dimensions())) {
        throw new Unsupported(
            "adds %s to %s; equal shapes can be added".formatted(term.extent(), sum.extent()));
      }
      String part = i == terms.size() - 1 ? name : name + "/" + i;
      sum = sum.with(emit(part, new Add(), Map.of(), sum.value(), term.value()));
    }
    return sum;
  }

  /** The product of two or more of one extent, or of pictures and factors for their channels. */
  Flow product(String name, List<Flow> factors) {
    requireOneOrder(factors);
    Flow product = factors.get(0);
    for (int i = 1; i < factors.size(); i++) {
      Flow left = product;
      Flow right = factors.get(i);
      if (left.size() < right.size()) {
        left = right;
        right = product;
      }
      boolean perChannel =
          left.dimensions().size() == right.dimensions().size()
              && left.dimensions().equals(flow(left.value(), left.order()).dimensions())
              && right.size() == left.value().shape().channels()
              && right.dimensions().get(left.channelAxis()) == right.size();
      if (!left.dimensions().equals(right.dimensions()) && !perChannel) {
        throw new Unsupported(
            "multiplies %s and %s; equal shapes, or a picture and a factor for each channel, can be"
                .formatted(left.extent(), right.extent()));
      }
      String part = i == factors.size() - 1 ? name : name + "/" + i;
      product = left.with(emit(part, new Multiply(), Map.of(), left.value(), right.value()));
    }
    return product;
  }

  /** Pictures, or vectors, behind each other. */
  Flow concatenation(String name, List<Flow> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    requireOneOrder(parts);
    boolean vectors = parts.stream().allMatch(part -> part.dimensions().size() == 1);
    Value[] pictures = parts.stream().map(this::picture).toArray(Value[]::new);
    if (vectors && !Arrays.stream(pictures).allMatch(value -> isOnePlace(value.shape()))) {
      throw new Unsupported("joins pictures that were flattened; join them before");
    }
    Value value = emit(name, new Concat(), Map.of(), pictures);
    Flow joined = flow(value, parts.get(0).order());
    return vectors ? joined.reshaped(List.of(value.shape().size())) : joined;
  }

  private static void requireOneOrder(List<Flow> flows) {
    long orders =
        flows.stream()
            .filter(flow -> !isOnePlace(flow.value().shape()))
            .map(Flow::order)
            .distinct()
            .count();
    if (orders > 1) {
      throw new Unsupported("takes pictures of which some have their channels first, some last");
    }
  }

  /** Some channels of a picture, in any order: a convolution that picks them. */
  Flow channels(String name, Flow flow, int... picked) {
    Value picture = picture(flow);
    int channels = picture.shape().channels();
    float[] kernel = new float[picked.length * channels];
    for (int i = 0; i < picked.length; i++) {
      kernel[i * channels + picked[i]] = 1;
    }
    Op op = new Conv2d(picked.length, Window.k(1).valid(), 1, false);
    return flow(emit(name, op, Map.of(Role.KERNEL, constant(kernel)), picture), flow.order());
  }

  /**
   * {@code scale * x + offset}, with one of each, or one for each channel.
   *
   * @throws Unsupported where no operation does it
   */
  Flow affine(String name, Flow flow, double[] scale, double[] offset) {
    boolean shifts = Arrays.stream(offset).anyMatch(each -> each != 0);
    if (scale.length == 1 && !shifts) {
      return scale[0] == 1 ? flow : each(name, scale(scale[0]), flow);
    }
    Value value = flow.value();
    if (!value.shape().isPicture()) {
      throw new Unsupported("adds a number to probabilities");
    }
    if (scale.length > 1 || offset.length > 1) {
      value = picture(flow);
    }
    int channels = value.shape().channels();
    if ((scale.length != 1 && scale.length != channels)
        || (offset.length != 1 && offset.length != channels)) {
      throw new Unsupported(
          "has %d factors and %d offsets for %d channels"
              .formatted(scale.length, offset.length, channels));
    }
    double common = 1;
    if (scale.length == 1 && (scale[0] < 0 || scale[0] > STEEP)) {
      common = scale[0];
      value = emit(name + "/scale", scale(common), Map.of(), value);
    }
    boolean perChannel =
        scale.length > 1
            && (!shifts
                || Arrays.stream(scale).anyMatch(each -> !(each >= GENTLE && each <= STEEP)));
    if (perChannel) {
      value = scaled(shifts ? name + "/scale" : name, value, scale);
      if (!shifts) {
        return flow.with(value);
      }
    }
    float[] mean = new float[channels];
    float[] variance = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      double factor = perChannel ? 1 : scale[scale.length == 1 ? 0 : channel] / common;
      double added = offset[offset.length == 1 ? 0 : channel];
      if (!(factor >= GENTLE && factor <= STEEP) || !Double.isFinite(added)) {
        throw new Unsupported("multiplies with " + factor + " and adds " + added);
      }
      mean[channel] = (float) (-added / factor);
      variance[channel] = (float) (1 / (factor * factor));
    }
    return flow.with(
        emit(
            name,
            new Standardization(),
            Map.of(Role.MEAN, constant(mean), Role.VARIANCE, constant(variance)),
            value));
  }

  /** Each channel multiplied with a factor of any sign and size. */
  private Value scaled(String name, Value picture, double[] scale) {
    float[] factors = new float[scale.length];
    for (int channel = 0; channel < factors.length; channel++) {
      factors[channel] = (float) scale[channel];
      if (!Float.isFinite(factors[channel])) {
        throw new Unsupported("multiplies with " + scale[channel]);
      }
    }
    return emit(name, new LayerScale(1), Map.of(Role.LAYER_SCALE, constant(factors)), picture);
  }

  private static Scale scale(double factor) {
    if (!Double.isFinite(factor)) {
      throw new Unsupported("multiplies with " + factor);
    }
    return new Scale(factor);
  }

  /** {@code min(max(x, 0), highest)}. */
  Flow clipped(String name, Flow flow, double highest) {
    if (!(highest > 0) || Double.isInfinite(highest)) {
      throw new Unsupported("holds numbers between 0 and " + highest);
    }
    Activation relu6 = Activation.of(Activation.Function.RELU6);
    if (highest == 6) {
      return each(name, relu6, flow);
    }
    Flow scaled = each(name + "/scaled", new Scale(6 / highest), flow);
    return each(name, new Scale(highest / 6), each(name + "/relu6", relu6, scaled));
  }

  /** Numbers that stand in no file as such. */
  static Supplier<Tensor> constant(float... values) {
    Tensor tensor = Tensor.of(Shape.of(values.length), values);
    return () -> tensor;
  }

  /** The model, with the outputs of these names. */
  Model finish(Map<String, Flow> outputs) {
    Map<String, Value> values = new LinkedHashMap<>();
    outputs.forEach((name, flow) -> values.put(name, output(name, flow)));
    Vectors vectors = new Vectors(nodes, dense);
    Graph graph = vectors.graph(values);
    Map<Weights.Key, Tensor> read = new LinkedHashMap<>();
    graph
        .parameters()
        .forEach(
            (key, shape) -> {
              Supplier<Tensor> tensor = tensors.get(key);
              if (tensor == null) {
                throw new IllegalStateException("nothing fills " + key);
              }
              read.put(key, new Tensor(shape, tensor.get().values()));
            });
    return new Model(graph, new Weights(read));
  }

  private Value output(String name, Flow flow) {
    if (flow.dimensions().size() == 1) {
      return vector(name + "/flatten", flow);
    }
    if (!flow.value().shape().isPicture()) {
      return flow.value();
    }
    return picture(flow);
  }
}
