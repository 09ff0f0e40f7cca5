package dev.depthwise.cli;

import dev.depthwise.interchange.ModelFiles;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Turns a model into a file that other runtimes compute. */
@Command(
    name = "export",
    description = {
      "Turn a whole model into a file that others compute: ONNX (with the operators of its version"
          + " 17), or an .h5 that Keras loads.",
      "",
      "The model takes pictures of float32, prepared as for Depthwise: in ONNX batch x channels x"
          + " height x width, in Keras batch x height x width x channels."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise export --model models/flowers --onnx flowers.onnx",
      "  depthwise export --model resnet50 --weights resnet50.pth --onnx resnet50.onnx",
      "  depthwise export --model mobilenet_v2 --weights keras --no-top --pooling avg --onnx"
          + " features.onnx",
      "  depthwise export --model models/flowers --h5 flowers.h5"
    })
final class ExportCommand implements Runnable {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private Main main;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      required = true,
      description = "A model directory or a run; or an architecture (with --weights).")
  @SuppressWarnings("NullAway.Init") // required
  private String model;

  @Mixin private final WeightsOptions weights = new WeightsOptions();

  @Option(
      names = "--onnx",
      paramLabel = "FILE",
      description = "The ONNX file to write. It appears when it is whole.")
  private @Nullable String onnx;

  @Option(
      names = "--h5",
      paramLabel = "FILE",
      description = "The file for Keras to write: load_model reads it, in Keras 2 and 3.")
  private @Nullable String h5;

  @Option(
      names = "--tap",
      paramLabel = "NAME",
      description =
          "An output to have instead of the model's own: a layer or a block, such as layer4"
              + " (repeatable).")
  private final List<String> taps = new ArrayList<>();

  @Option(
      names = "--softmax",
      description = "End in probabilities, where the model ends in what comes before softmax.")
  private boolean softmax;

  @Mixin private final NetworkOptions zoo = new NetworkOptions();

  @Override
  public void run() {
    if (onnx == null && h5 == null) {
      throw new InputException("needs a file to write: --onnx FILE or --h5 FILE");
    }
    Optional<Path> forOnnx = Optional.ofNullable(onnx).map(Targets::writable);
    Optional<Path> forKeras = Optional.ofNullable(h5).map(Targets::writable);
    if (softmax && (!taps.isEmpty() || zoo.noTop)) {
      throw new InputException(
          "--softmax is for a classifier's output: leave it out beside --tap and --no-top");
    }
    Model chosen = chosen(weights.model(model, zoo, zoo::options, main.screen()));
    String name = String.valueOf(Path.of(model).getFileName());
    forOnnx.ifPresent(file -> ModelFiles.writeOnnx(file, chosen, name));
    forKeras.ifPresent(file -> ModelFiles.writeKeras(file, chosen, name));
    String what =
        chosen.graph().outputs().entrySet().stream()
            .map(output -> output.getKey() + " " + output.getValue().shape())
            .collect(Collectors.joining(", "));
    for (Path file : Stream.of(forOnnx, forKeras).flatMap(Optional::stream).toList()) {
      main.screen()
          .line(
              "wrote %s: pictures of %s to %s"
                  .formatted(file, chosen.graph().input().shape(), what));
    }
  }

  private Model chosen(Model whole) {
    if (!taps.isEmpty()) {
      return whole.withOutputs(taps);
    }
    return softmax ? whole.withSoftmax() : whole;
  }
}
