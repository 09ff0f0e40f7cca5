package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a {@code --data} option names: pictures to train on and, where the source has them, pictures
 * to test on, both with the same classes.
 *
 * @param spec the option's text
 * @param train pictures to train on, or all there are
 * @param test pictures to test on; empty for a folder that has no part of this kind
 * @param leftOut what is wrong with each corrupt picture that was left out, one line each
 */
public record Data(String spec, Dataset train, Optional<Dataset> test, List<String> leftOut) {
  /** What {@link #open} understands, for help and errors. */
  public static final String FORMS =
      "fashion-mnist[:FOLDER], idx:FOLDER, cifar10:FOLDER, cifar100:FOLDER, cifar100-coarse:FOLDER,"
          + " folder:FOLDER, tar:FOLDER, sample";

  /** Names the folder of the installed program, in which the sample lies. */
  public static final String HOME_PROPERTY = "depthwise.home";

  public Data {
    leftOut = List.copyOf(leftOut);
    if (test.isPresent() && !test.get().labels().equals(train.labels())) {
      throw new InputException(
          "%s: the classes to train on are %s but those to test on are %s; expected the same"
              .formatted(spec, train.labels(), test.get().labels()));
    }
  }

  /** Data of which no picture was left out. */
  public Data(String spec, Dataset train, Optional<Dataset> test) {
    this(spec, train, test, List.of());
  }

  /** Opens a source by its text; see {@link #open(String, Progress)}. */
  public static Data open(String spec) {
    return open(spec, Progress.NONE);
  }

  /**
   * Opens a source by its text:
   *
   * <ul>
   *   <li>{@code fashion-mnist[:FOLDER]}: {@link FashionMnist}, by default where Debian's package
   *       puts it;
   *   <li>{@code idx:FOLDER}: {@link IdxDataset}; without {@code t10k} files there is no test part;
   *   <li>{@code cifar10:FOLDER}, {@code cifar100:FOLDER}, {@code cifar100-coarse:FOLDER}: {@link
   *       CifarDataset}; the published archive will do in place of its folder;
   *   <li>{@code folder:FOLDER}: {@link FolderDataset}; where it holds {@code train} and {@code
   *       test} or {@code val}, those are the two parts;
   *   <li>{@code tar:FOLDER}: {@link TarDataset}, all {@code .tar} files of the folder, or of its
   *       {@code train} and {@code test} or {@code val}; {@code tar:FOLDER/shard-{000..012}.tar}
   *       names some of them;
   *   <li>{@code sample[:FOLDER]}: the part of Fashion-MNIST that comes with the program.
   * </ul>
   *
   * @param progress hears of folders being listed, which may take minutes
   * @throws InputException if the text has another form, or the source is absent or broken
   */
  public static Data open(String spec, Progress progress) {
    int colon = spec.indexOf(':');
    String kind = colon < 0 ? spec : spec.substring(0, colon);
    Optional<Path> folder =
        colon < 0 ? Optional.empty() : Optional.of(path(spec, spec.substring(colon + 1)));
    return switch (kind) {
      case "fashion-mnist" -> fashion(spec, folder.orElse(FashionMnist.PACKAGE_FOLDER));
      case "sample" -> fashion(spec, folder.orElseGet(Data::sampleFolder));
      case "idx" -> idx(spec, folder.orElseThrow(() -> folderMissing(spec)));
      case "cifar10" -> cifar(spec, folder, CifarDataset.Format.CIFAR_10);
      case "cifar100" -> cifar(spec, folder, CifarDataset.Format.CIFAR_100);
      case "cifar100-coarse" -> cifar(spec, folder, CifarDataset.Format.CIFAR_100_COARSE);
      case "tar" -> tar(spec, folder.orElseThrow(() -> folderMissing(spec)), progress);
      case "folder" -> folder(spec, folder.orElseThrow(() -> folderMissing(spec)), progress);
      default -> throw new InputException("unknown data '%s'; expected %s".formatted(spec, FORMS));
    };
  }

  /**
   * This data with no corrupt picture in it: each file that is new or has changed is decoded once
   * to find them. Sets that are held in memory have none.
   *
   * @param skipCorrupt whether corrupt pictures are left out; else they are an error, which names
   *     the first
   * @param threads 0 for one each processor
   * @throws InputException if there are corrupt pictures and they are not to be left out, or if a
   *     class has no other
   */
  public Data checked(boolean skipCorrupt, int threads, Progress progress) {
    List<String> faults = new ArrayList<>(leftOut);
    Dataset whole = whole(train, skipCorrupt, threads, progress, faults);
    return new Data(
        spec,
        whole,
        test.map(dataset -> whole(dataset, skipCorrupt, threads, progress, faults)),
        faults);
  }

  private static Dataset whole(
      Dataset dataset, boolean skipCorrupt, int threads, Progress progress, List<String> leftOut) {
    if (!(dataset instanceof IndexedDataset)) {
      return dataset;
    }
    Inspection inspection = Inspection.of(dataset, threads, progress);
    List<String> faults = inspection.describeFaults(dataset);
    if (faults.isEmpty()) {
      return dataset;
    }
    if (!skipCorrupt) {
      throw new InputException(
          "%s; %,d of %,d pictures of %s are corrupt: depthwise data check lists them,"
                  .formatted(faults.get(0), faults.size(), dataset.size(), dataset.name())
              + " --skip-corrupt leaves them out");
    }
    requireAllClasses(dataset, inspection, faults);
    leftOut.addAll(faults);
    return inspection.decoded(dataset).orElseThrow();
  }

  private static void requireAllClasses(
      Dataset dataset, Inspection inspection, List<String> faults) {
    boolean[] left = new boolean[dataset.labels().size()];
    for (int index = 0; index < dataset.size(); index++) {
      left[dataset.label(index)] |= inspection.isDecoded(index);
    }
    for (Integer corrupt : inspection.faults().keySet()) {
      if (!left[dataset.label(corrupt)]) {
        throw new InputException(
            "%s: every picture of class '%s' is corrupt; the first fault: %s"
                .formatted(
                    dataset.name(), dataset.labels().get(dataset.label(corrupt)), faults.get(0)));
      }
    }
  }

  private static Data fashion(String spec, Path folder) {
    return new Data(
        spec,
        FashionMnist.open(folder, IdxDataset.Part.TRAIN),
        Optional.of(FashionMnist.open(folder, IdxDataset.Part.TEST)));
  }

  private static Data cifar(String spec, Optional<Path> source, CifarDataset.Format format) {
    return CifarDataset.open(source.orElseThrow(() -> folderMissing(spec)), format);
  }

  private static Data idx(String spec, Path folder) {
    IdxDataset train = IdxDataset.open(folder, IdxDataset.Part.TRAIN);
    return new Data(
        spec,
        train,
        IdxDataset.exists(folder, IdxDataset.Part.TEST)
            ? Optional.of(IdxDataset.open(folder, IdxDataset.Part.TEST, train.labels()))
            : Optional.empty());
  }

  private static Data folder(String spec, Path folder, Progress progress) {
    Path train = folder.resolve("train");
    if (!Files.isDirectory(train)) {
      return new Data(spec, FolderDataset.open(folder, progress), Optional.empty());
    }
    Optional<Path> test = testFolder(folder);
    return new Data(
        spec,
        FolderDataset.open(train, progress),
        test.map(part -> FolderDataset.open(part, progress)));
  }

  private static Optional<Path> testFolder(Path folder) {
    return Stream.of("test", "val").map(folder::resolve).filter(Files::isDirectory).findFirst();
  }

  private static Data tar(String spec, Path place, Progress progress) {
    Path train = place.resolve("train");
    if (!Files.isDirectory(train)) {
      return new Data(spec, Shards.of(place).open(null, progress), Optional.empty());
    }
    TarDataset pictures = Shards.of(train).open(null, progress);
    return new Data(
        spec,
        pictures,
        testFolder(place).map(part -> Shards.of(part).open(pictures.labels(), progress)));
  }

  private static Path sampleFolder() {
    String home = System.getProperty(HOME_PROPERTY);
    if (home == null) {
      throw new InputException(
          "the sample comes with the program, but the system property %s does not say where that"
                  .formatted(HOME_PROPERTY)
              + " is; set it, or pass sample:FOLDER");
    }
    return Path.of(home, "data", "fashion-mnist-sample");
  }

  private static Path path(String spec, String folder) {
    try {
      if (!folder.isEmpty()) {
        return Path.of(folder);
      }
    } catch (InvalidPathException e) {
      throw new InputException("data '%s': %s".formatted(spec, e.getMessage()), e);
    }
    throw folderMissing(spec);
  }

  private static InputException folderMissing(String spec) {
    return new InputException("data '%s' names no folder; expected %s".formatted(spec, FORMS));
  }
}
