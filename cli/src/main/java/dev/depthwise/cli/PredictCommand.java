package dev.depthwise.cli;

import dev.depthwise.catalogue.Release;
import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.CompileWatcher;
import dev.depthwise.engine.Executable;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Names;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Softmax;
import dev.depthwise.network.Tensor;
import dev.depthwise.weights.Npy;
import dev.depthwise.weights.Npz;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Style;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Runs a network on raw tensors. */
@Command(
    name = "predict",
    description = {
      "Run a network on raw tensors: .npy in, .npy out.",
      "",
      "The input is float32, in C or Fortran order, of rank 4 (any number of pictures) or 3 (one"
          + " picture), already preprocessed. The output is float32 of [pictures, classes]:"
          + " probabilities, or with --logits what comes before softmax; or what --tap and --no-top"
          + " ask for, in the layout of the input."
    },
    mixinStandardHelpOptions = true,
    customSynopsis =
        "depthwise predict --model MODEL [--weights FILE] --input X --output Y [OPTIONS]",
    versionProvider = Main.Version.class,
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise predict --model resnet50 --weights resnet50.safetensors \\",
      "      --input x.npy --output y.npy",
      "  depthwise predict --model xception --style keras --weights xception.h5 \\",
      "      --no-top --pooling avg --input x.npy --output features.npy",
      "  depthwise predict --model vgg16 --weights keras --input x.npy --output y.npy",
      "  depthwise predict --model runs/first --input x.npy --output y.npz --tap layer1 --tap layer2",
      "  depthwise predict --model runs/first --input x.npy --output y.npy --logits",
      "  depthwise predict --model runs/first --input x.npy --output y.npy --dump-after FuseActivation"
    })
final class PredictCommand implements Runnable {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private Main main;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      required = true,
      description = "An architecture (with --weights), or a model directory.")
  @SuppressWarnings("NullAway.Init") // required
  private String model;

  @Mixin private final WeightsOptions weights = new WeightsOptions();

  @Mixin private final ZooOptions zoo = new ZooOptions();

  @Option(names = "--input", paramLabel = "X.npy", required = true, description = "The pictures.")
  @SuppressWarnings("NullAway.Init") // required
  private String input;

  @Option(
      names = "--output",
      paramLabel = "Y.npy",
      required = true,
      description = "Where the result goes; an older file is replaced.")
  @SuppressWarnings("NullAway.Init") // required
  private String output;

  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      description =
          "Of the input and of features: nchw or nhwc (default: nhwc for style keras, else nchw).")
  @Nullable String layout;

  @Option(
      names = "--tap",
      paramLabel = "NAME",
      description =
          "Write what this layer or block makes instead; may be given several times. An .npz holds"
              + " all of them by name, an .npy just one.")
  private List<String> taps = new ArrayList<>();

  @Option(names = "--logits", description = "Write what comes before softmax.")
  private boolean logits;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "16",
      description = "Pictures at a time (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--dump-after",
      paramLabel = "PASS",
      description = "Print what this pass of the compiler made.")
  @Nullable String dumpAfter;

  @Mixin private final EngineOptions machine = new EngineOptions();

  @Override
  public void run() {
    if (batch < 1) {
      throw new InputException("--batch must be at least 1, was " + batch);
    }
    int threads = machine.threads();
    boolean channelsLast = channelsLast();
    Path target = Targets.writable(output);
    Path source = Models.path(input);
    Pictures pictures = Pictures.of(source, Npy.read(source), channelsLast);
    boolean archive = target.toString().toLowerCase(Locale.ROOT).endsWith(".npz");
    if (taps.size() > 1 && !archive) {
      throw new InputException(
          "%s can hold one array, but %d are tapped; write an .npz".formatted(output, taps.size()));
    }
    Model chosen = chosen(read(pictures));
    pictures.requireFit(chosen.graph().input().shape());
    Dump dump = new Dump(dumpAfter);
    CompileOptions options =
        CompileOptions.batch(Math.min(batch, pictures.count()))
            .withThreads(threads)
            .withWatcher(dump);
    try (Executable executable = machine.engine().compile(chosen, options)) {
      if (dumpAfter != null) {
        main.screen().line(dump.result());
      }
      Map<String, Tensor> results = predict(executable, pictures);
      if (archive) {
        Npz.write(target, results);
      } else {
        Npy.write(target, results.values().iterator().next());
      }
    }
    main.screen()
        .note("%s: %s of %d pictures".formatted(output, what(chosen.graph()), pictures.count()));
  }

  /** The model with the outputs that are asked for. */
  private Model chosen(Model model) {
    if (!taps.isEmpty()) {
      return model.withOutputs(taps);
    }
    boolean features = zoo.noTop || model.graph().output().shape().rank() != 1;
    return logits || features ? model : model.withSoftmax();
  }

  private String what(Graph graph) {
    if (!taps.isEmpty()) {
      return String.join(", ", taps);
    }
    if (graph.producer(graph.output()).op() instanceof Softmax) {
      return "probabilities";
    }
    return zoo.noTop ? "features" : "logits";
  }

  private Model read(Pictures pictures) {
    Supplier<Options> options =
        () -> {
          pictures.requireChannels();
          return zoo.options(Optional.of(pictures.shape()));
        };
    return weights.model(model, zoo, options, main.screen());
  }

  /** The style that is asked for, or the architecture's usual one. */
  private @Nullable Style style() {
    return weights
        .release()
        .map(Release::style)
        .or(zoo::style)
        .or(
            () ->
                Models.directory(model).isPresent()
                    ? Optional.empty()
                    : Optional.of(Models.architecture(model).styles().get(0)))
        .orElse(null);
  }

  private boolean channelsLast() {
    if (layout == null) {
      return style() == Style.KERAS;
    }
    return switch (layout.toLowerCase(Locale.ROOT)) {
      case "nhwc" -> true;
      case "nchw" -> false;
      default ->
          throw new InputException(
              "there is no layout '%s'; take nchw (channels first) or nhwc (channels last)"
                  .formatted(layout));
    };
  }

  private Map<String, Tensor> predict(Executable executable, Pictures pictures) {
    Map<String, float[]> results = new LinkedHashMap<>();
    executable
        .outputs()
        .forEach(
            (name, shape) -> {
              long size = (long) shape.size() * pictures.count();
              if (size > Integer.MAX_VALUE - 8) {
                throw new InputException(
                    "%s of %s has too many pictures for one output file: %d; split it"
                        .formatted(input, name, pictures.count()));
              }
              results.put(name, new float[(int) size]);
            });
    FloatBuffer chunk =
        ByteBuffer.allocateDirect(
                Math.multiplyExact(
                    Float.BYTES, Math.multiplyExact(executable.batch(), pictures.shape().size())))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    try (ProgressSeries progress = new ProgressSeries(main.screen(), "predicting")) {
      for (int first = 0; first < pictures.count(); first += executable.batch()) {
        int count = Math.min(executable.batch(), pictures.count() - first);
        pictures.copy(first, count, chunk);
        executable.run(chunk, count);
        for (Map.Entry<String, float[]> result : results.entrySet()) {
          int size = result.getValue().length / pictures.count();
          executable.output(result.getKey()).get(result.getValue(), first * size, count * size);
        }
        progress.at(first + count, pictures.count());
      }
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    executable
        .outputs()
        .forEach(
            (name, shape) -> {
              float[] values = Objects.requireNonNull(results.get(name));
              List<Integer> dimensions = new ArrayList<>(shape.dimensions());
              dimensions.add(0, pictures.count());
              Tensor tensor = Tensor.of(new Shape(dimensions), values);
              tensors.put(
                  name,
                  pictures.channelsLast() && shape.isPicture()
                      ? channelsLast(tensor, shape)
                      : tensor);
            });
    return tensors;
  }

  /** A batch of features, channels last. */
  private static Tensor channelsLast(Tensor batch, Shape features) {
    int channels = features.channels();
    int places = features.height() * features.width();
    int count = batch.shape().dimension(0);
    float[] values = batch.toArray();
    float[] moved = new float[values.length];
    for (int picture = 0; picture < count; picture++) {
      int from = picture * features.size();
      for (int channel = 0; channel < channels; channel++) {
        for (int place = 0; place < places; place++) {
          moved[from + place * channels + channel] = values[from + channel * places + place];
        }
      }
    }
    return Tensor.of(Shape.of(count, features.height(), features.width(), channels), moved);
  }

  /**
   * Raw pictures.
   *
   * @param file they came from
   * @param values in the order of the file
   * @param count how many
   * @param shape of one, channels first
   * @param channelsLast whether the file has channels last
   */
  private record Pictures(
      Path file, FloatBuffer values, int count, Shape shape, boolean channelsLast) {
    static Pictures of(Path file, Tensor tensor, boolean channelsLast) {
      List<Integer> dimensions = tensor.shape().dimensions();
      if (dimensions.size() != 3 && dimensions.size() != 4) {
        throw new InputException(
            "%s: has shape %s; expected %s, or one picture without its first dimension"
                .formatted(
                    file,
                    tensor.shape(),
                    channelsLast
                        ? "[pictures, height, width, channels]"
                        : "[pictures, channels, height, width]"));
      }
      int count = dimensions.size() == 3 ? 1 : dimensions.get(0);
      List<Integer> one = dimensions.subList(dimensions.size() - 3, dimensions.size());
      Shape shape = channelsLast ? Shape.of(one.get(2), one.get(0), one.get(1)) : new Shape(one);
      return new Pictures(file, tensor.values(), count, shape, channelsLast);
    }

    void requireFit(Shape expected) {
      if (!shape.equals(expected)) {
        throw new InputException(
            "%s: its pictures are %s (channels x height x width, read as %s), but the network takes %s; --layout says how to read them"
                .formatted(file, shape, channelsLast ? "nhwc" : "nchw", expected));
      }
    }

    /** Refuses what looks as if the channels were elsewhere: 64x64x3 read as 64 channels. */
    void requireChannels() {
      int other = channelsLast ? shape.height() : shape.width();
      if (shape.channels() > 4 && (other == 1 || other == 3)) {
        throw new InputException(
            "%s: read as %s, its pictures would have %d channels; try --layout %s"
                .formatted(
                    file,
                    channelsLast ? "nhwc" : "nchw",
                    shape.channels(),
                    channelsLast ? "nchw" : "nhwc"));
      }
    }

    /** Copies some of them, channels first. */
    void copy(int first, int many, FloatBuffer target) {
      int size = shape.size();
      target.clear();
      if (!channelsLast) {
        target.put(values.slice(first * size, many * size)).flip();
        return;
      }
      int channels = shape.channels();
      int places = size / channels;
      for (int picture = 0; picture < many; picture++) {
        int from = (first + picture) * size;
        for (int channel = 0; channel < channels; channel++) {
          for (int place = 0; place < places; place++) {
            target.put(values.get(from + place * channels + channel));
          }
        }
      }
      target.flip();
    }
  }

  /** Keeps what one pass made. */
  private static final class Dump implements CompileWatcher {
    private final @Nullable String wanted;
    private final Set<String> seen = new LinkedHashSet<>();
    private @Nullable String result;

    Dump(@Nullable String wanted) {
      this.wanted = wanted;
    }

    @Override
    public void after(String pass, Object made) {
      seen.add(pass);
      if (pass.equalsIgnoreCase(wanted)) {
        result = made instanceof Graph graph ? text(graph) : made.toString();
      }
    }

    String result() {
      if (result == null) {
        throw new InputException(
            "there is no pass '%s'; %s"
                .formatted(wanted, Names.suggest(String.valueOf(wanted), seen)));
      }
      return result.stripTrailing();
    }

    private static String text(Graph graph) {
      StringBuilder text = new StringBuilder();
      graph
          .nodes()
          .forEach(
              node ->
                  text.append(
                      "%s = %s(%s) : %s\n"
                          .formatted(
                              node.name(),
                              node.op(),
                              String.join(
                                  ", ",
                                  node.inputs().stream()
                                      .map(value -> graph.producer(value).name())
                                      .toList()),
                              node.output().shape())));
      return text.toString();
    }
  }
}
