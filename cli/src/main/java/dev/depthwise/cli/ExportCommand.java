package dev.depthwise.cli;

import dev.depthwise.interchange.ModelFiles;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.zoo.Architecture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Turns a model into a file that other runtimes compute. */
@Command(
    name = "export",
    description = {
      "Turn a whole model into a file that other runtimes compute: ONNX, with the operators of its"
          + " version 17.",
      "",
      "The file takes pictures of float32, batch x channels x height x width, prepared as for"
          + " Depthwise; what only training needs is left out."
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
          + " features.onnx"
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
      required = true,
      description = "The file to write. It appears when it is whole.")
  @SuppressWarnings("NullAway.Init") // required
  private String onnx;

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
    Path target = Targets.writable(onnx);
    if (softmax && (!taps.isEmpty() || zoo.noTop)) {
      throw new InputException(
          "--softmax is for a classifier's output: leave it out beside --tap and --no-top");
    }
    Model chosen = chosen(read());
    String name = String.valueOf(Path.of(model).getFileName());
    ModelFiles.writeOnnx(target, chosen, name);
    Screen screen = main.screen();
    screen.line(
        "wrote %s: pictures of %s to %s"
            .formatted(
                onnx,
                chosen.graph().input().shape(),
                chosen.graph().outputs().entrySet().stream()
                    .map(output -> output.getKey() + " " + output.getValue().shape())
                    .reduce((first, second) -> first + ", " + second)
                    .orElseThrow()));
  }

  private Model chosen(Model whole) {
    if (!taps.isEmpty()) {
      return whole.withOutputs(taps);
    }
    return softmax ? whole.withSoftmax() : whole;
  }

  private Model read() {
    Optional<Path> directory = Models.directory(model);
    if (directory.isPresent()) {
      zoo.refuse(model);
      weights.refuse(model);
      return Models.read(directory.get()).model();
    }
    Architecture architecture = Models.architecture(model);
    WeightsOptions.Chosen set = weights.chosen(architecture, zoo.options(), main.screen());
    return Models.read(set.file(), architecture, set.options());
  }
}
