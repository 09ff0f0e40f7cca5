package dev.depthwise.cli;

import dev.depthwise.interchange.ModelFiles;
import dev.depthwise.interchange.Reading;
import dev.depthwise.interchange.Samples;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Network;
import dev.depthwise.network.Node;
import dev.depthwise.weights.ModelDirectory;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Turns a model of another library into a model directory. */
@Command(
    name = "import",
    description = {
      "Turn a whole model of another library into a model directory: what it computes, and its"
          + " weights.",
      "",
      "Nothing in the file is run. What Depthwise lacks is named, all of it at once."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise import flowers.keras --out models/flowers --labels flowers.txt",
      "  depthwise import model.h5 --out models/m --size 224x224 --samples tf",
      "  depthwise classify models/flowers photo.jpg"
    })
final class ImportCommand implements Runnable {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,6})[x×X](\\d{1,6})");

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private Main main;

  @Parameters(
      paramLabel = "FILE",
      description = "A model of Keras (.keras, or a whole model in .h5), or of ONNX (.onnx).")
  @SuppressWarnings("NullAway.Init") // required
  private String file;

  @Option(
      names = "--out",
      paramLabel = "DIRECTORY",
      required = true,
      description = "The model directory to make.")
  @SuppressWarnings("NullAway.Init") // required
  private String out;

  @Option(
      names = "--samples",
      paramLabel = "HOW",
      description =
          "How a picture's samples become numbers, as the file does not say it: raw (0 to 255, for"
              + " models that rescale by themselves), unit (0 to 1), tf (-1 to 1), torch or caffe"
              + " (ImageNet's mean) (default: raw).")
  private Samples samples = Samples.RAW;

  @Option(
      names = "--size",
      paramLabel = "HEIGHTxWIDTH",
      description = "The size of its pictures, for models that take any.")
  private @Nullable String size;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "The names of its classes, one in a line.")
  private @Nullable String labels;

  @Option(names = "--replace", description = "A model that is there already is replaced.")
  private boolean replace;

  @Override
  public void run() {
    Path target = Targets.writable(out);
    Reading reading = Reading.usual().withSamples(samples);
    if (size != null) {
      Matcher matcher = SIZE.matcher(size);
      if (!matcher.matches() || matcher.group(1).matches("0+") || matcher.group(2).matches("0+")) {
        throw new InputException(
            "--size '%s' is no size; expected height x width, such as 224x224".formatted(size));
      }
      reading =
          reading.withSize(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }
    Network network = ModelFiles.read(Models.path(file), reading);
    if (labels != null) {
      network = ModelOptions.labelled(network, Models.path(labels));
    }
    ModelDirectory.write(target, network, replace);
    Screen screen = main.screen();
    long numbers =
        network.model().graph().parameters().values().stream().mapToLong(s -> s.size()).sum();
    screen.line(
        "wrote %s: %,d operations, %,d numbers, %s to %s"
            .formatted(
                out,
                network.model().graph().nodes().stream().filter(ImportCommand::computes).count(),
                numbers,
                network.model().graph().input().shape(),
                network.model().graph().output().shape()));
    if (samples == Samples.RAW) {
      screen.note(
          "its pictures are taken as samples from 0 to 255; if the model was trained on others, say"
              + " so: --samples unit, tf, torch or caffe");
    }
  }

  private static boolean computes(Node node) {
    return !node.inputs().isEmpty();
  }
}
