package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Tensor;
import dev.depthwise.weights.DataType;
import dev.depthwise.weights.NamedTensors;
import dev.depthwise.weights.Naming;
import dev.depthwise.weights.StoredTensor;
import dev.depthwise.weights.WeightFiles;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Style;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Writes the tensors of one weight file into another. */
@Command(
    name = "convert",
    description = {
      "Write the tensors of a weight file into one of another format, under the same names.",
      "",
      "All tensors become float32. Names and layouts stay as they are: an .h5 for Keras can be made"
          + " of what has Keras' names and layouts, not of PyTorch's.",
      "",
      "With --model the tensors are held against that network first, and written under today's names"
          + " in the order in which Keras or PyTorch lists its layers. Keras' load_weights(FILE) needs"
          + " that order; without --model an .h5 has the order of IN, which a .weights.h5 does not"
          + " keep, and Keras loads it with by_name=True. Keras' own ConvNeXt takes neither: it has"
          + " layers within layers, and kernels of another rank."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise weights convert resnet50.pth resnet50.safetensors",
      "  depthwise weights convert model.keras weights.h5",
      "  depthwise weights convert xception.weights.h5 xception.h5 --model xception",
      "  depthwise weights convert model.onnx arrays.npz"
    })
final class WeightsConvertCommand implements Runnable {
  /** Formats whose kernels lie in another order than Keras'. */
  private static final Set<String> OTHER_LAYOUTS = Set.of("pt", "depthwise");

  /** A whole configuration stands in some files; it is no use without its model. */
  private static final int LONGEST = 1_000;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private WeightsCommand parent;

  @Parameters(index = "0", paramLabel = "IN", description = "A weight file of any format.")
  @SuppressWarnings("NullAway.Init") // required
  private String in;

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      description = "What to write: .safetensors, .h5 (for Keras) or .npz. It appears when whole.")
  @SuppressWarnings("NullAway.Init") // required
  private String out;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "The architecture that the weights are of (depthwise models lists them).")
  @Nullable String model;

  @Mixin private final ZooOptions zoo = new ZooOptions();

  @Override
  public void run() {
    Screen screen = parent.screen();
    NamedTensors read = WeightFiles.open(Models.path(in));
    Path target = Models.path(out);
    if (model != null) {
      Architecture architecture = Models.architecture(model);
      int count = convert(read, target, architecture);
      screen.line("wrote %s: %,d parameters of %s".formatted(out, count, architecture.id()));
      return;
    }
    if (zoo.given()) {
      throw new InputException("what is chosen about a network needs --model to say which it is");
    }
    String format = read.metadata().getOrDefault("format", "");
    if (isForKeras() && OTHER_LAYOUTS.contains(format)) {
      throw new InputException(
          "%s: its kernels do not lie as Keras has them (format %s); write .safetensors or .npz"
              .formatted(in, format));
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    List<String> others = new ArrayList<>();
    for (StoredTensor tensor : read.tensors().values()) {
      tensors.put(tensor.name(), tensor.read());
      if (tensor.type() != DataType.F32) {
        others.add(tensor.type().word());
      }
    }
    Map<String, String> metadata = new LinkedHashMap<>(read.metadata());
    metadata.values().removeIf(value -> value.length() > LONGEST);
    WeightFiles.write(target, tensors, metadata);
    screen.line("wrote %s: %,d tensors".formatted(out, tensors.size()));
    if (!others.isEmpty()) {
      screen.note(
          "%,d of them were %s and are float32 now"
              .formatted(others.size(), String.join(", ", others.stream().distinct().toList())));
    }
  }

  /** Writes the weights of a network of the zoo; tells how many tensors they are. */
  private int convert(NamedTensors read, Path target, Architecture architecture) {
    Options options = zoo.options(Optional.empty());
    boolean keras = isForKeras() || "keras".equals(read.metadata().get("format"));
    if (options.style().isEmpty() && keras && architecture.styles().contains(Style.KERAS)) {
      options = options.withStyle(Style.KERAS);
    }
    Style style = architecture.style(options);
    if (isForKeras() && style != Style.KERAS) {
      throw new InputException(
          "%s: %s in %s style has no layers of Keras; write .safetensors or .npz"
              .formatted(out, architecture.id(), style));
    }
    Model converted = Models.read(read, architecture, options);
    WeightFiles.write(target, converted, style == Style.KERAS ? Naming.KERAS : Naming.TORCH);
    return converted.graph().parameters().size();
  }

  private boolean isForKeras() {
    return out.toLowerCase(Locale.ROOT).matches(".*\\.(h5|hdf5)");
  }
}
