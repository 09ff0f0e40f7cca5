package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a {@code --data} option names: pictures to train on and, where the source has them, pictures
 * to test on, both with the same classes.
 *
 * @param spec the option's text
 * @param train pictures to train on, or all there are
 * @param test pictures to test on; empty for a folder that has no part of this kind
 */
public record Data(String spec, Dataset train, Optional<Dataset> test) {
  /** What {@link #open} understands, for help and errors. */
  public static final String FORMS =
      "fashion-mnist[:FOLDER], idx:FOLDER, cifar10:FOLDER, cifar100:FOLDER, cifar100-coarse:FOLDER,"
          + " folder:FOLDER, sample";

  /** Names the folder of the installed program, in which the sample lies. */
  public static final String HOME_PROPERTY = "depthwise.home";

  public Data {
    if (test.isPresent() && !test.get().labels().equals(train.labels())) {
      throw new InputException(
          "%s: the classes to train on are %s but those to test on are %s; expected the same"
              .formatted(spec, train.labels(), test.get().labels()));
    }
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
   *   <li>{@code sample[:FOLDER]}: the part of Fashion-MNIST that comes with the program.
   * </ul>
   *
   * @throws InputException if the text has another form, or the source is absent or broken
   */
  public static Data open(String spec) {
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
      case "folder" -> folder(spec, folder.orElseThrow(() -> folderMissing(spec)));
      default -> throw new InputException("unknown data '%s'; expected %s".formatted(spec, FORMS));
    };
  }

  /**
   * This data without broken pictures; decodes each file of a picture folder once to find them.
   *
   * @param strict whether the first broken picture is an error instead
   */
  public Data check(boolean strict, FolderDataset.Progress progress) {
    return new Data(
        spec,
        check(train, strict, progress),
        test.map(dataset -> check(dataset, strict, progress)));
  }

  /** What was wrong with each picture that {@link #check} left out, one line each. */
  public List<String> broken() {
    List<String> broken = new ArrayList<>();
    if (train instanceof FolderDataset folder) {
      broken.addAll(folder.broken());
    }
    if (test.isPresent() && test.get() instanceof FolderDataset folder) {
      broken.addAll(folder.broken());
    }
    return List.copyOf(broken);
  }

  private static Dataset check(Dataset dataset, boolean strict, FolderDataset.Progress progress) {
    return dataset instanceof FolderDataset folder ? folder.check(strict, progress) : dataset;
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

  private static Data folder(String spec, Path folder) {
    Path train = folder.resolve("train");
    if (!Files.isDirectory(train)) {
      return new Data(spec, FolderDataset.open(folder), Optional.empty());
    }
    Optional<Path> test =
        List.of("test", "val").stream().map(folder::resolve).filter(Files::isDirectory).findFirst();
    return new Data(spec, FolderDataset.open(train), test.map(FolderDataset::open));
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
