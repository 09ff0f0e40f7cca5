package dev.depthwise.interchange;

import dev.depthwise.interchange.KerasModel.Given;
import dev.depthwise.network.AveragePool;
import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Crop;
import dev.depthwise.network.Dropout;
import dev.depthwise.network.Flatten.Order;
import dev.depthwise.network.LayerNorm;
import dev.depthwise.network.LayerScale;
import dev.depthwise.network.MaxPool;
import dev.depthwise.network.Op;
import dev.depthwise.network.PRelu;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Standardization;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Upsample;
import dev.depthwise.network.Value;
import dev.depthwise.network.Window;
import dev.depthwise.network.ZeroPad;
import dev.depthwise.weights.Arrangement;
import dev.depthwise.weights.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What each layer of Keras computes, in operations of a graph. */
final class KerasLayers {
  /** Keras' default, which counts the other way round. */
  private static final double USUAL_MOMENTUM = 0.99;

  private final Sketch sketch;
  private final KerasWeights weights;
  private final KerasActivations activations;
  private final Map<String, Translation> table = new HashMap<>();

  /** Turns a use of a layer into operations. */
  @FunctionalInterface
  interface Translation {
    Flow write(KerasUse use);
  }

  KerasLayers(Sketch sketch, KerasWeights weights, boolean keras3) {
    this.sketch = sketch;
    this.weights = weights;
    this.activations = new KerasActivations(sketch, keras3);
    addLayers();
    new KerasArithmetic(sketch, activations).addTo(table);
    for (String identity :
        List.of(
            "ActivityRegularization",
            "AlphaDropout",
            "AugMix",
            "CutMix",
            "GaussianDropout",
            "GaussianNoise",
            "Identity",
            "MixUp",
            "RandAugment",
            "RandomBrightness",
            "RandomColorDegeneration",
            "RandomColorJitter",
            "RandomContrast",
            "RandomElasticTransform",
            "RandomErasing",
            "RandomFlip",
            "RandomGaussianBlur",
            "RandomGrayscale",
            "RandomHeight",
            "RandomHue",
            "RandomInvert",
            "RandomPerspective",
            "RandomPosterization",
            "RandomRotation",
            "RandomSaturation",
            "RandomSharpness",
            "RandomShear",
            "RandomTranslation",
            "RandomWidth",
            "RandomZoom",
            "SpatialDropout2D",
            "StochasticDepth")) {
      table.put(identity, KerasUse::only);
    }
  }

  /** Whether a class of layers is known. */
  boolean knows(String type) {
    return table.containsKey(type);
  }

  /**
   * Adds the nodes of a layer.
   *
   * @param path the names of the models around it, then its own
   * @throws Unsupported if it does something that cannot be expressed
   */
  Flow write(KerasLayer layer, List<String> path, List<Given> given) {
    Translation translation = table.get(layer.type());
    if (translation == null) {
      throw new IllegalStateException("not known: " + layer.type());
    }
    String format = layer.settings().text("data_format", "channels_last");
    if (!format.equals("channels_last")) {
      throw new Unsupported(
          "has data_format %s; channels_last can be read".formatted(Text.quote(format)));
    }
    String name =
        sketch.isFree(layer.name()) ? layer.name() : String.join(".", path.subList(1, path.size()));
    List<Flow> flows = new ArrayList<>();
    given.forEach(each -> each.flow().ifPresent(flows::add));
    // A model's own name is no part of the names of its weights.
    return translation.write(new KerasUse(layer, name, path.subList(1, path.size()), flows, given));
  }

  private void addLayers() {
    for (String type : List.of("Conv2D", "Convolution2D")) {
      table.put(type, this::convolution);
    }
    table.put("DepthwiseConv2D", this::depthwise);
    for (String type : List.of("SeparableConv2D", "SeparableConvolution2D")) {
      table.put(type, this::separable);
    }
    table.put("Dense", this::dense);
    for (String type :
        List.of("BatchNormalization", "BatchNormalizationV1", "SyncBatchNormalization")) {
      table.put(type, this::batchNorm);
    }
    table.put("LayerNormalization", this::layerNorm);
    table.put("LayerScale", this::layerScale);
    table.put("Activation", use -> activations.of(use.name() + "/", use.settings(), use.only()));
    for (String type : List.of("ReLU", "LeakyReLU", "ELU", "Softmax")) {
      table.put(type, use -> activations.layer(use.name(), type, use.settings(), use.only()));
    }
    table.put("PReLU", this::prelu);
    table.put("MaxPooling2D", use -> pool(use, true));
    table.put("MaxPool2D", use -> pool(use, true));
    table.put("AveragePooling2D", use -> pool(use, false));
    table.put("AvgPool2D", use -> pool(use, false));
    for (String type : List.of("GlobalAveragePooling2D", "GlobalAvgPool2D")) {
      table.put(type, use -> global(use, sketch::globalAverage));
    }
    for (String type : List.of("GlobalMaxPooling2D", "GlobalMaxPool2D")) {
      table.put(type, use -> global(use, sketch::globalMax));
    }
    table.put("Flatten", use -> use.only().reshaped(List.of(use.only().size())));
    table.put("Reshape", this::reshape);
    table.put("Permute", this::permute);
    table.put("ZeroPadding2D", this::pad);
    table.put("Cropping2D", this::crop);
    table.put("CenterCrop", this::centerCrop);
    table.put("UpSampling2D", this::upsample);
    table.put("Resizing", this::resize);
    table.put("Dropout", this::dropout);
    table.put("Rescaling", this::rescale);
    table.put("Normalization", this::normalize);
  }

  // ---- Convolutions and fully connected layers

  private Flow convolution(KerasUse use) {
    KerasConfiguration settings = use.settings();
    Value picture = sketch.picture(use.only());
    int channels = picture.shape().channels();
    int filters = positive(settings, "filters", 0);
    int groups = positive(settings, "groups", 1);
    Window window = window(settings, "kernel_size", settings.pair("strides", 1), picture.shape());
    if (channels % groups != 0) {
      throw new Unsupported("splits %d channels into %d groups".formatted(channels, groups));
    }
    Shape kernel =
        Shape.of(filters, channels / groups, window.kernelHeight(), window.kernelWidth());
    Map<Role, Supplier<Tensor>> parameters = new LinkedHashMap<>();
    parameters.put(
        Role.KERNEL, weights.get(use.path(), Arrangement.convolution(kernel), kernel, "kernel"));
    boolean bias = addBias(use, filters, parameters);
    Value value =
        sketch.emit(use.name(), new Conv2d(filters, window, groups, bias), parameters, picture);
    return activations.of(use.name(), settings, sketch.flow(value));
  }

  private Flow depthwise(KerasUse use) {
    KerasConfiguration settings = use.settings();
    Value picture = sketch.picture(use.only());
    Map<Role, Supplier<Tensor>> parameters = new LinkedHashMap<>();
    Conv2d conv = depthwise(use, picture, parameters);
    boolean bias = addBias(use, conv.filters(), parameters);
    Op op = new Conv2d(conv.filters(), conv.window(), conv.groups(), bias);
    Value value = sketch.emit(use.name(), op, parameters, picture);
    return activations.of(use.name(), settings, sketch.flow(value));
  }

  private Conv2d depthwise(KerasUse use, Value picture, Map<Role, Supplier<Tensor>> parameters) {
    KerasConfiguration settings = use.settings();
    int channels = picture.shape().channels();
    int filters = Math.multiplyExact(channels, positive(settings, "depth_multiplier", 1));
    Window window = window(settings, "kernel_size", settings.pair("strides", 1), picture.shape());
    Shape kernel = Shape.of(filters, 1, window.kernelHeight(), window.kernelWidth());
    parameters.put(
        Role.KERNEL,
        // Keras 2 and Keras 3.
        weights.get(
            use.path(),
            Arrangement.depthwise(kernel, channels),
            kernel,
            "depthwise_kernel",
            "kernel"));
    return new Conv2d(filters, window, channels, false);
  }

  private Flow separable(KerasUse use) {
    KerasConfiguration settings = use.settings();
    Value picture = sketch.picture(use.only());
    Map<Role, Supplier<Tensor>> first = new LinkedHashMap<>();
    Conv2d depthwise = depthwise(use, picture, first);
    Value middle = sketch.emit(use.name() + "/depthwise", depthwise, first, picture);
    int filters = positive(settings, "filters", 0);
    Shape kernel = Shape.of(filters, depthwise.filters(), 1, 1);
    Map<Role, Supplier<Tensor>> second = new LinkedHashMap<>();
    second.put(
        Role.KERNEL,
        weights.get(use.path(), Arrangement.convolution(kernel), kernel, "pointwise_kernel"));
    boolean bias = addBias(use, filters, second);
    Value value =
        sketch.emit(
            use.name() + "/pointwise",
            new Conv2d(filters, Window.k(1).valid(), 1, bias),
            second,
            middle);
    return activations.of(use.name(), settings, sketch.flow(value));
  }

  private Flow dense(KerasUse use) {
    KerasConfiguration settings = use.settings();
    Flow flow = use.only();
    int units = positive(settings, "units", 0);
    Map<Role, Supplier<Tensor>> bias = new LinkedHashMap<>();
    addBias(use, units, bias);
    if (flow.dimensions().size() == 1) {
      Shape shape = flow.value().shape();
      Shape kernel = Shape.of(units, shape.channels(), shape.height(), shape.width());
      // Keras flattens rows, columns, channels, unless they were put in another order.
      Arrangement flattened =
          flow.order() == Order.HWC
              ? Arrangement.convolution(kernel)
              : new Arrangement(kernel.dimensions(), List.of(1, 2, 3, 0));
      Supplier<Tensor> read =
          weights.get(use.path(), List.of(flow.size(), units), flattened, kernel, "kernel");
      return activations.of(
          use.name(), settings, sketch.dense(use.name(), flow, units, read, bias));
    }
    Value picture = sketch.picture(flow);
    Shape kernel = Shape.of(units, picture.shape().channels(), 1, 1);
    Map<Role, Supplier<Tensor>> parameters = new LinkedHashMap<>();
    parameters.put(
        Role.KERNEL, weights.get(use.path(), Arrangement.convolution(kernel), kernel, "kernel"));
    parameters.putAll(bias);
    Value value =
        sketch.emit(
            use.name(),
            new Conv2d(units, Window.k(1).valid(), 1, !bias.isEmpty()),
            parameters,
            picture);
    return activations.of(use.name(), settings, sketch.flow(value));
  }

  private boolean addBias(KerasUse use, int channels, Map<Role, Supplier<Tensor>> parameters) {
    boolean bias = use.settings().flag("use_bias", use.settings().flag("bias", true));
    if (bias) {
      parameters.put(Role.BIAS, weights.get(use.path(), channels, "bias"));
    }
    return bias;
  }

  private static int positive(KerasConfiguration settings, String name, int otherwise) {
    int number = settings.count(name, otherwise);
    if (number < 1) {
      throw new Unsupported("has %s = %d".formatted(name, number));
    }
    return number;
  }

  private static Window window(
      KerasConfiguration settings, String size, int[] strides, Shape picture) {
    int[] kernel = settings.pair(size, size.equals("pool_size") ? 2 : 0);
    int[] dilation = settings.pair("dilation_rate", 1);
    String padding = settings.text("padding", settings.text("border_mode", "valid"));
    try {
      Window window =
          new Window(
              kernel[0],
              kernel[1],
              strides[0],
              strides[1],
              dilation[0],
              dilation[1],
              Window.k(1).valid().padding());
      return switch (padding) {
        case "valid" -> window;
        case "same" -> window.same().over(picture);
        default -> throw new Unsupported("has padding " + Text.quote(padding));
      };
    } catch (IllegalArgumentException e) {
      throw new Unsupported(String.valueOf(e.getMessage()));
    }
  }

  // ---- Normalisation

  private Flow batchNorm(KerasUse use) {
    KerasConfiguration settings = use.settings();
    Flow flow = use.only();
    requireLastAxis(settings, flow);
    if (settings.flag("renorm", false)) {
      throw new Unsupported("renormalises (renorm)");
    }
    Value picture = sketch.picture(flow);
    int channels = picture.shape().channels();
    boolean scale = settings.flag("scale", true);
    Map<Role, Supplier<Tensor>> parameters = new LinkedHashMap<>();
    if (scale) {
      parameters.put(Role.SCALE, weights.get(use.path(), channels, "gamma"));
    }
    parameters.put(Role.SHIFT, shift(use, channels));
    parameters.put(Role.MEAN, weights.get(use.path(), channels, "moving_mean"));
    parameters.put(Role.VARIANCE, weights.get(use.path(), channels, "moving_variance"));
    double epsilon = settings.number("epsilon", 1e-3);
    double momentum = 1 - settings.number("momentum", USUAL_MOMENTUM);
    if (!(epsilon > 0) || !(momentum >= 0 && momentum <= 1)) {
      throw new Unsupported("has epsilon %s and momentum %s".formatted(epsilon, 1 - momentum));
    }
    Value value =
        sketch.emit(use.name(), new BatchNorm(epsilon, momentum, scale), parameters, picture);
    return flow.with(value);
  }

  private Supplier<Tensor> shift(KerasUse use, int channels) {
    return use.settings().flag("center", true)
        ? weights.get(use.path(), channels, "beta")
        : Sketch.constant(new float[channels]);
  }

  private Flow layerNorm(KerasUse use) {
    KerasConfiguration settings = use.settings();
    Flow flow = use.only();
    requireLastAxis(settings, flow);
    if (settings.flag("rms_scaling", false)) {
      throw new Unsupported("scales by the root mean square (rms_scaling)");
    }
    boolean isVector = flow.dimensions().size() == 1;
    Value normalized =
        isVector ? sketch.wholeVector(use.name() + "/flatten", flow) : sketch.picture(flow);
    int channels = normalized.shape().channels();
    Map<Role, Supplier<Tensor>> parameters = new LinkedHashMap<>();
    float[] ones = new float[channels];
    Arrays.fill(ones, 1);
    parameters.put(
        Role.SCALE,
        settings.flag("scale", true)
            ? weights.get(use.path(), channels, "gamma")
            : Sketch.constant(ones));
    parameters.put(Role.SHIFT, shift(use, channels));
    double epsilon = settings.number("epsilon", 1e-3);
    if (!(epsilon > 0)) {
      throw new Unsupported("has epsilon " + epsilon);
    }
    Value value = sketch.emit(use.name(), new LayerNorm(epsilon), parameters, normalized);
    return flow.with(value);
  }

  static void requireLastAxis(KerasConfiguration settings, Flow flow) {
    int rank = flow.dimensions().size();
    if (!settings.axes("axis", -1, rank).equals(List.of(rank - 1))) {
      throw new Unsupported("works along other axes than the last");
    }
  }

  private Flow layerScale(KerasUse use) {
    Value picture = sketch.picture(use.only());
    Shape shape = Shape.of(picture.shape().channels(), 1, 1);
    Supplier<Tensor> gamma =
        weights.get(
            use.path(), Arrangement.as(shape.size()), shape, "gamma", "variable", "Variable", "0");
    double initial = use.settings().number("init_values", 1e-6);
    return use.only()
        .with(
            sketch.emit(
                use.name(), new LayerScale(initial), Map.of(Role.LAYER_SCALE, gamma), picture));
  }

  private Flow rescale(KerasUse use) {
    KerasConfiguration settings = use.settings();
    double[] scale = KerasConfiguration.numbers("scale", settings.json().path("scale"));
    double[] offset =
        settings.has("offset")
            ? KerasConfiguration.numbers("offset", settings.json().path("offset"))
            : new double[] {0};
    return sketch.affine(use.name(), use.only(), scale, offset);
  }

  private Flow normalize(KerasUse use) {
    KerasConfiguration settings = use.settings();
    Flow flow = use.only();
    Value picture = sketch.picture(flow);
    int channels = picture.shape().channels();
    if (settings.flag("invert", false)) {
      throw new Unsupported("inverts (invert)");
    }
    Map<Role, Supplier<Tensor>> parameters = new LinkedHashMap<>();
    if (settings.has("mean") && settings.has("variance")) {
      parameters.put(Role.MEAN, spread(settings, "mean", channels));
      parameters.put(Role.VARIANCE, spread(settings, "variance", channels));
    } else {
      requireLastAxis(settings, flow);
      parameters.put(Role.MEAN, weights.get(use.path(), channels, "mean"));
      parameters.put(Role.VARIANCE, weights.get(use.path(), channels, "variance"));
    }
    return flow.with(sketch.emit(use.name(), new Standardization(), parameters, picture));
  }

  private static Supplier<Tensor> spread(KerasConfiguration settings, String name, int channels) {
    double[] numbers = KerasConfiguration.numbers(name, settings.json().path(name));
    if (numbers.length != 1 && numbers.length != channels) {
      throw new Unsupported(
          "has %d numbers for %s of %d channels".formatted(numbers.length, name, channels));
    }
    float[] values = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      values[channel] = (float) numbers[numbers.length == 1 ? 0 : channel];
    }
    return Sketch.constant(values);
  }

  // ---- Activations

  private Flow prelu(KerasUse use) {
    Flow flow = use.only();
    Value picture = sketch.picture(flow);
    Shape shape = picture.shape();
    KerasConfiguration settings = use.settings();
    List<Integer> shared =
        settings.has("shared_axes")
            ? settings.axes("shared_axes", 0, flow.dimensions().size())
            : List.of();
    boolean spatial = Sketch.isOnePlace(shape) || shared.containsAll(List.of(0, 1));
    boolean all = spatial && flow.dimensions().size() == 3 && shared.contains(2);
    if (!spatial) {
      throw new Unsupported("has a slope for each place; share them: shared_axes=[1, 2]");
    }
    int slopes = all ? 1 : shape.channels();
    return flow.with(
        sketch.emit(
            use.name(),
            new PRelu(all),
            Map.of(Role.SLOPE, weights.get(use.path(), slopes, "alpha")),
            picture));
  }

  // ---- Pooling and places

  private Flow pool(KerasUse use, boolean max) {
    KerasConfiguration settings = use.settings();
    Value picture = sketch.picture(use.only());
    int[] strides =
        settings.has("strides") ? settings.pair("strides", 1) : settings.pair("pool_size", 2);
    Window window = window(settings, "pool_size", strides, picture.shape());
    try {
      Op op = max ? new MaxPool(window) : new AveragePool(window, false);
      return sketch.flow(sketch.emit(use.name(), op, Map.of(), picture));
    } catch (IllegalArgumentException e) {
      throw new Unsupported(String.valueOf(e.getMessage()));
    }
  }

  /** Makes one place of a picture. */
  @FunctionalInterface
  private interface Global {
    Value write(String name, Value picture);
  }

  private Flow global(KerasUse use, Global kind) {
    Value value = kind.write(use.name(), sketch.picture(use.only()));
    Flow flow = sketch.flow(value);
    boolean keep = use.settings().flag("keepdims", false);
    return keep ? flow : flow.reshaped(List.of(flow.size()));
  }

  private Flow reshape(KerasUse use) {
    Flow flow = use.only();
    double[] target =
        KerasConfiguration.numbers("target_shape", use.settings().json().path("target_shape"));
    long known = 1;
    for (double each : target) {
      known *= each < 0 ? 1 : (long) each;
    }
    List<Integer> dimensions = new ArrayList<>();
    for (double each : target) {
      dimensions.add(each < 0 && known > 0 ? (int) (flow.size() / known) : (int) each);
    }
    long size = 1;
    for (int dimension : dimensions) {
      size *= Math.max(0, dimension);
    }
    if (size != flow.size()) {
      throw new Unsupported("makes %s of %s".formatted(Arrays.toString(target), flow.extent()));
    }
    return flow.reshaped(dimensions);
  }

  /** Channels first, as others flatten a picture. */
  private Flow permute(KerasUse use) {
    Flow flow = use.only();
    Value picture = sketch.picture(flow);
    double[] order = KerasConfiguration.numbers("dims", use.settings().json().path("dims"));
    boolean isPicture = flow.dimensions().equals(sketch.flow(picture).dimensions());
    if (!isPicture || !Arrays.equals(order, new double[] {3, 1, 2})) {
      throw new Unsupported(
          "orders %s as %s; channels can be put first"
              .formatted(flow.extent(), Arrays.toString(order)));
    }
    return Sketch.flow(picture, Order.CHW);
  }

  private Flow pad(KerasUse use) {
    Value picture = sketch.picture(use.only());
    int[] sides = use.settings().sides("padding");
    return spatial(use, () -> new ZeroPad(sides[0], sides[2], sides[1], sides[3]), picture);
  }

  private Flow crop(KerasUse use) {
    Value picture = sketch.picture(use.only());
    int[] sides = use.settings().sides("cropping");
    return spatial(use, () -> new Crop(sides[0], sides[2], sides[1], sides[3]), picture);
  }

  private Flow centerCrop(KerasUse use) {
    Value picture = sketch.picture(use.only());
    int rows = picture.shape().height() - positive(use.settings(), "height", 0);
    int columns = picture.shape().width() - positive(use.settings(), "width", 0);
    if (rows < 0 || columns < 0) {
      throw new Unsupported("makes a picture larger");
    }
    // Keras begins at half of what is left over, rounded down.
    int top = rows / 2;
    int left = columns / 2;
    return spatial(use, () -> new Crop(top, left, rows - top, columns - left), picture);
  }

  private Flow spatial(KerasUse use, Supplier<Op> op, Value picture) {
    try {
      return sketch.flow(sketch.emit(use.name(), op.get(), Map.of(), picture));
    } catch (IllegalArgumentException e) {
      throw new Unsupported(String.valueOf(e.getMessage()));
    }
  }

  private Flow upsample(KerasUse use) {
    int[] factors = use.settings().pair("size", 2);
    return upsample(use, factors[0], factors[1]);
  }

  private Flow upsample(KerasUse use, int rows, int columns) {
    Value picture = sketch.picture(use.only());
    String kind = use.settings().text("interpolation", "nearest");
    Upsample.Mode mode =
        switch (kind) {
          case "nearest" -> Upsample.Mode.NEAREST;
          case "bilinear" -> Upsample.Mode.BILINEAR;
          default -> throw new Unsupported("interpolates " + Text.quote(kind));
        };
    return spatial(use, () -> new Upsample(rows, columns, mode), picture);
  }

  /** Where a picture has the size already, nothing; larger by a whole factor; nothing else. */
  private Flow resize(KerasUse use) {
    Flow flow = use.only();
    Shape shape = sketch.picture(flow).shape();
    int height = positive(use.settings(), "height", 0);
    int width = positive(use.settings(), "width", 0);
    if (shape.height() == height && shape.width() == width) {
      return flow;
    }
    if (height % shape.height() != 0 || width % shape.width() != 0) {
      throw new Unsupported(
          "makes %dx%d of %dx%d; give the network pictures of that size and leave the layer out"
              .formatted(height, width, shape.height(), shape.width()));
    }
    return upsample(use, height / shape.height(), width / shape.width());
  }

  private Flow dropout(KerasUse use) {
    Flow flow = use.only();
    double rate = use.settings().number("rate", use.settings().number("p", 0));
    if (rate == 0) {
      return flow;
    }
    if (!(rate > 0 && rate < 1)) {
      throw new Unsupported("has the rate " + rate);
    }
    return sketch.each(use.name(), new Dropout(rate), flow);
  }
}
