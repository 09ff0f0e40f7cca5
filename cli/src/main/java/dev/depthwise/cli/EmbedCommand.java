package dev.depthwise.cli;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.inference.FeatureExtractor;
import dev.depthwise.inference.Features;
import dev.depthwise.network.Dense;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Network;
import dev.depthwise.network.Node;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.weights.Npy;
import dev.depthwise.weights.Npz;
import dev.depthwise.weights.Publish;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Writes what a network makes of pictures before it names them. */
@Command(
    name = "embed",
    description = {
      "Write the features of pictures: what a network makes of them before it names them.",
      "",
      "Without --tap these are the pooled features that the classifier reads. A row is a picture, in"
          + " the order of the arguments, folders sorted by name. An .npy or .npz comes with a list"
          + " of the files, OUT.files.txt; in a .csv or .parquet the file is the first column."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    customSynopsis = "depthwise embed [OPTIONS] --out FILE [MODEL] PICTURE...",
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise embed --out features.csv data/pictures",
      "  depthwise embed --model xception --weights xception.h5 --out features.npy photos",
      "  depthwise embed --tap layer1 --tap layer2 --out features.parquet runs/flowers photos"
    })
final class EmbedCommand implements Runnable {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private Main main;

  @Parameters(
      arity = "1..*",
      paramLabel = "PICTURE",
      description = "Files and folders; before them, perhaps, a model directory.")
  private List<String> arguments = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "Where they go: .npy, .npz, .csv or .parquet; an older file is replaced.")
  @SuppressWarnings("NullAway.Init") // required
  private String out;

  @Option(
      names = "--tap",
      paramLabel = "NAME",
      description =
          "What this layer or block makes instead; may be given several times, into an .npz or"
              + " .parquet.")
  private List<String> taps = new ArrayList<>();

  @Option(
      names = "--strict",
      description = "A broken picture is an error; without, it is skipped and counted.")
  private boolean strict;

  @Mixin private final ModelOptions model = new ModelOptions();

  @Mixin private final EngineOptions machine = new EngineOptions();

  @Override
  public void run() {
    String ending = ending();
    if (taps.size() > 1 && !List.of("npz", "parquet").contains(ending)) {
      throw new InputException(
          "%s can hold one array, but %d are tapped; write an .npz or .parquet"
              .formatted(out, taps.size()));
    }
    int threads = machine.threads();
    Path target = Targets.writable(out);
    List<Path> paths = new ArrayList<>(arguments.stream().map(Models::path).toList());
    Network network = model.network(paths, taps.isEmpty(), main.screen()).network();
    Pictures pictures = Pictures.of(paths, strict);
    int all = pictures.files().size();
    List<String> values = taps.isEmpty() ? List.of(features(network.model().graph())) : taps;
    Screen screen = main.screen();
    List<Path> read = new ArrayList<>();
    List<Features> rows = new ArrayList<>();
    CompileOptions options = CompileOptions.batch(1).withThreads(threads);
    try (FeatureExtractor extractor =
            FeatureExtractor.of(network, values, machine.engine(), options);
        ProgressSeries progress = new ProgressSeries(screen, "embedding")) {
      pictures.read(
          screen,
          (file, picture) -> {
            rows.add(extractor.extract(picture));
            read.add(file);
            progress.at(rows.size(), all);
          });
    }
    write(target, ending, read, stacked(values, rows));
    screen.note(
        "%s: %s of %d pictures%s"
            .formatted(
                out,
                String.join(", ", values),
                rows.size(),
                rows.size() < all
                    ? "; %d skipped, --strict makes that an error".formatted(all - rows.size())
                    : ""));
  }

  private String ending() {
    String name = out.toLowerCase(Locale.ROOT);
    for (String known : List.of("npy", "npz", "csv", "parquet")) {
      if (name.endsWith("." + known)) {
        return known;
      }
    }
    throw new InputException("%s: the ending must be .npy, .npz, .csv or .parquet".formatted(out));
  }

  /** What the classifier reads, or all that the network makes, if it ends in no classifier. */
  private static String features(Graph graph) {
    Node last = graph.producer(graph.output());
    return last.op() instanceof Dense
        ? graph.producer(last.inputs().get(0)).name()
        : graph.outputs().keySet().iterator().next();
  }

  /** A row for each picture. */
  private static Map<String, Tensor> stacked(List<String> values, List<Features> rows) {
    Map<String, Tensor> stacked = new LinkedHashMap<>();
    for (String value : values) {
      Shape one = rows.get(0).tensor(value).shape();
      long size = (long) one.size() * rows.size();
      if (size > Integer.MAX_VALUE - 8) {
        throw new InputException(
            "%s of %d pictures is too large for one file; split them"
                .formatted(value, rows.size()));
      }
      FloatBuffer all = FloatBuffer.allocate((int) size);
      rows.forEach(row -> all.put(row.tensor(value).values()));
      List<Integer> dimensions = new ArrayList<>(one.dimensions());
      dimensions.add(0, rows.size());
      stacked.put(value, new Tensor(new Shape(dimensions), all.flip()));
    }
    return stacked;
  }

  private static void write(
      Path target, String ending, List<Path> files, Map<String, Tensor> tensors) {
    Tensor first = tensors.values().iterator().next();
    if (ending.equals("csv")) {
      Publish.file(target, temporary -> csv(temporary, files, first));
      return;
    }
    if (ending.equals("parquet")) {
      Publish.file(target, temporary -> ParquetFeatures.write(temporary, files, tensors));
      return;
    }
    if (ending.equals("npz")) {
      Npz.write(target, tensors);
    } else {
      Npy.write(target, first);
    }
    Path list = target.resolveSibling(target.getFileName() + ".files.txt");
    Publish.file(
        list, temporary -> Files.write(temporary, files.stream().map(Path::toString).toList()));
  }

  private static void csv(Path path, List<Path> files, Tensor rows) throws IOException {
    int columns = rows.shape().size() / files.size();
    FloatBuffer values = rows.values();
    try (BufferedWriter writer = Files.newBufferedWriter(path)) {
      StringBuilder line = new StringBuilder("file");
      for (int column = 0; column < columns; column++) {
        line.append(",f").append(column);
      }
      writer.append(line).append('\n');
      for (Path file : files) {
        line.setLength(0);
        line.append(Csv.quoted(file.toString()));
        for (int column = 0; column < columns; column++) {
          line.append(',').append(values.get());
        }
        writer.append(line).append('\n');
      }
    }
  }
}
