package dev.depthwise.cli;

import dev.depthwise.weights.NamedTensors;
import dev.depthwise.weights.StoredTensor;
import dev.depthwise.weights.WeightFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Lists what a weight file holds. */
@Command(
    name = "inspect",
    description = {
      "List every tensor of a weight file: its name, shape, type, and the SHA-256 of its values.",
      "",
      "The values are taken in the type that they have in the file, row-major and little-endian,"
          + " however they are stored: equal tensors have equal sums in every format."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:All tensors were read.",
      "2:The file is broken, or of no known format: one line says what is wrong."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise weights inspect vgg16_weights_tf_dim_ordering_tf_kernels.h5",
      "  depthwise weights inspect resnet50.pth --json"
    })
final class WeightsInspectCommand implements Runnable {
  /** What a person wants to know of what a file says besides; a configuration is too long. */
  private static final int LONGEST = 60;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private WeightsCommand parent;

  @Parameters(paramLabel = "FILE", description = "A weight file of any format.")
  @SuppressWarnings("NullAway.Init") // required
  private String file;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public void run() {
    Screen screen = parent.screen();
    NamedTensors tensors = WeightFiles.open(Models.path(file));
    List<Object> objects = new ArrayList<>();
    Table table = new Table("tensor", ">shape", "type", "SHA-256");
    long numbers = 0;
    long bytes = 0;
    for (StoredTensor tensor : tensors.tensors().values()) {
      String sum = tensor.sha256();
      objects.add(
          Json.object(
              "name", tensor.name(),
              "shape", tensor.dimensions(),
              "type", tensor.type().word(),
              "sha256", sum));
      table.row(oneLine(tensor.name()), tensor.extent(), tensor.type().word(), sum);
      long count = tensor.dimensions().stream().reduce(1L, (left, right) -> left * right);
      numbers += count;
      bytes += count * tensor.type().bytes();
    }
    if (json) {
      screen.line(
          Json.pretty(
              Json.object(
                  "file", file,
                  "metadata", tensors.metadata(),
                  "numbers", numbers,
                  "bytes", bytes,
                  "tensors", objects)));
      return;
    }
    table.lines(screen).forEach(screen::line);
    screen.line("");
    screen.line("%,d tensors, %,d numbers, %,d bytes".formatted(objects.size(), numbers, bytes));
    said(tensors.metadata()).forEach((key, value) -> screen.line(key + ": " + value));
  }

  private static Map<String, String> said(Map<String, String> metadata) {
    Map<String, String> said = new LinkedHashMap<>();
    metadata.forEach(
        (key, value) -> {
          if (value.length() <= LONGEST && key.length() <= LONGEST) {
            said.put(oneLine(key), oneLine(value));
          }
        });
    return said;
  }

  /** A name may hold anything, and must not move a terminal's cursor. */
  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}|\\p{Cf}|[\\u2028\\u2029]", "?");
  }
}
