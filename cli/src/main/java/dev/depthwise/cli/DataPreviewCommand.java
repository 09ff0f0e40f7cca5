package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import dev.depthwise.vision.Augmentation;
import dev.depthwise.vision.ContactSheet;
import dev.depthwise.vision.Data;
import dev.depthwise.vision.Dataset;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.PictureWriter;
import dev.depthwise.vision.Subset;
import dev.depthwise.weights.Publish;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Draws what training sees. */
@Command(
    name = "preview",
    description = {
      "Draw pictures as training sees them.",
      "",
      "A row of the sheet is a picture: first as the network takes it, then as it is varied in the"
          + " epochs that follow. Mixed pictures are mixed with the row above."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise data preview fashion-mnist --augment standard,randaugment --out sheet.png",
      "  depthwise data preview folder:flowers --input 3x96x96 --augment imagenet,mixup --out a.png"
    })
final class DataPreviewCommand implements Runnable {
  /** Pictures are enlarged to at least so many pixels. */
  private static final int EASY_TO_SEE = 56;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private DataCommand parent;

  @Parameters(paramLabel = "DATA", description = "A folder, or " + Data.FORMS + ".")
  @SuppressWarnings("NullAway.Init") // required
  private String data;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The sheet, a PNG file; written over if it is there.")
  @SuppressWarnings("NullAway.Init") // required
  private String out;

  @Option(
      names = "--augment",
      paramLabel = "HOW",
      defaultValue = "standard",
      description =
          "How pictures are varied (default: ${DEFAULT-VALUE}): " + Augmentation.FORMS + ".")
  private String augment = "standard";

  @Option(
      names = "--input",
      paramLabel = "CxHxW",
      description =
          "Channels, height and width that the network takes (default: those of the pictures, if"
              + " they are all the same).")
  private @Nullable String input;

  @Option(
      names = "--pictures",
      paramLabel = "N",
      defaultValue = "8",
      description = "How many, from the whole data set (default: ${DEFAULT-VALUE}).")
  private int pictures;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "9",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of the augmentation (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public void run() {
    Augmentation augmentation = Augmentation.parse(augment);
    requirePositive("--pictures", pictures);
    requirePositive("--epochs", epochs);
    Path target = Targets.writable(out);
    String spec = Files.isDirectory(Models.path(data)) ? "folder:" + data : data;
    Dataset dataset;
    try (DataProgress progress = new DataProgress(parent.screen())) {
      dataset = Data.open(spec, progress).train();
    }
    int rows = Math.min(pictures, dataset.size());
    Dataset some =
        new Subset(
            dataset.name(),
            dataset,
            IntStream.range(0, rows)
                .map(row -> (int) ((long) row * dataset.size() / rows))
                .toArray());
    Shape shape = input == null ? shape(some) : NetworkOptions.shape(input);
    if (!shape.isPicture() || (shape.channels() != 1 && shape.channels() != 3)) {
      throw new InputException(
          "--input %s is no picture; expected 1 or 3 channels x height x width".formatted(shape));
    }
    int scale = Math.max(1, EASY_TO_SEE / Math.max(shape.height(), shape.width()));
    Picture sheet = ContactSheet.of(some, shape, augmentation, epochs, seed, scale);
    byte[] png = PictureWriter.png(sheet);
    Publish.file(target, file -> Files.write(file, png));
    Screen screen = parent.screen();
    screen.line(
        "%s: %d pictures %s, as they are and in %d epochs of %s"
            .formatted(out, rows, shape, epochs, augmentation));
  }

  private static void requirePositive(String option, int value) {
    if (value < 1) {
      throw new InputException("%s must be at least 1, was %d".formatted(option, value));
    }
  }

  private static Shape shape(Dataset dataset) {
    Picture first = dataset.picture(0);
    int channels = first.channels();
    for (int index = 1; index < dataset.size(); index++) {
      Picture other = dataset.picture(index);
      channels = Math.max(channels, other.channels());
      if (other.width() != first.width() || other.height() != first.height()) {
        throw new InputException(
            "the pictures of %s differ in size; say with --input what the network takes, such as 3x224x224"
                .formatted(dataset.name()));
      }
    }
    return Shape.of(channels, first.height(), first.width());
  }
}
