package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Tensor;
import dev.depthwise.weights.DataType;
import dev.depthwise.weights.NamedTensors;
import dev.depthwise.weights.StoredTensor;
import dev.depthwise.weights.WeightFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Writes the tensors of one weight file into another. */
@Command(
    name = "convert",
    description = {
      "Write the tensors of a weight file into one of another format, under the same names.",
      "",
      "All tensors become float32. Names and layouts stay as they are: an .h5 for Keras can be made"
          + " of what has Keras' names and layouts, not of PyTorch's."
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

  @Override
  public void run() {
    Screen screen = parent.screen();
    NamedTensors read = WeightFiles.open(Models.path(in));
    Path target = Models.path(out);
    String format = read.metadata().getOrDefault("format", "");
    if (out.toLowerCase(Locale.ROOT).matches(".*\\.(h5|hdf5)") && OTHER_LAYOUTS.contains(format)) {
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
}
