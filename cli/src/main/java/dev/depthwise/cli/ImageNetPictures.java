package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import dev.depthwise.vision.Dataset;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.PictureFormat;
import dev.depthwise.vision.PictureReader;
import dev.depthwise.zoo.ImageNet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * ImageNet's validation pictures, or some of them: in a folder for each class that is named by its
 * WordNet number, or all in one with a {@link GroundTruth}.
 *
 * <p>A picture that cannot be read is a black one, and {@link #fault} says why; so batches stay the
 * same whatever is wrong.
 */
final class ImageNetPictures implements Dataset {
  private static final Picture BLACK = Picture.of(1, 1, 3, new byte[3]);

  /** Of the longer side to the shorter: beyond, no resizing rule has a size for it. */
  private static final int THINNEST = 10_000;

  private final Path folder;
  private final List<Labelled> pictures;
  private final Map<Integer, String> faults = new ConcurrentHashMap<>();

  /** A picture and the class that it shows. */
  private record Labelled(Path file, int label) {}

  private ImageNetPictures(Path folder, List<Labelled> pictures) {
    this.folder = folder;
    this.pictures = List.copyOf(pictures);
  }

  /**
   * Lists a folder; no picture is read.
   *
   * @param truth says what the pictures show; empty for folders that are named by class, and for a
   *     file that lies where it usually does
   * @param list see {@link GroundTruth#read}
   * @param screen told of lines of the ground truth without a picture
   * @throws InputException if it is not known of each picture what it shows
   */
  static ImageNetPictures open(
      Path folder, Optional<Path> truth, Optional<Path> list, Screen screen) {
    if (!Files.isDirectory(folder)) {
      throw new InputException(
          "%s is no folder; expected ImageNet's validation pictures".formatted(folder));
    }
    if (truth.isPresent()) {
      return flat(folder, GroundTruth.read(truth.get(), list), screen);
    }
    List<Path> folders = list(folder, Files::isDirectory);
    boolean byClass =
        folders.stream().anyMatch(inside -> name(inside).matches("n\\d{8}"))
            || list(folder, PictureFormat::isNamed).isEmpty();
    if (byClass) {
      return byClass(folder, folders);
    }
    Path found =
        GroundTruth.find(folder)
            .orElseThrow(
                () ->
                    new InputException(
                        "%s: nothing says what its pictures show; put one of %s into it or beside it, name one with --truth, or sort the pictures into folders named n01440764 and so on"
                            .formatted(folder, GroundTruth.names())));
    return flat(folder, GroundTruth.read(found, list), screen);
  }

  private static ImageNetPictures byClass(Path folder, List<Path> folders) {
    if (folders.isEmpty()) {
      throw new InputException(
          "%s holds no picture and no folder; expected ImageNet's validation pictures, in folders named n01440764 and so on or all in one"
              .formatted(folder));
    }
    List<Labelled> pictures = new ArrayList<>();
    for (Path inside : folders) {
      int label = ImageNet.synsets().indexOf(name(inside));
      if (label < 0) {
        throw new InputException(
            "%s: the folder's name is no WordNet number of ImageNet's 1000 classes, such as n01440764; take it away, or use folder:%s for pictures of other classes"
                .formatted(inside, folder));
      }
      list(inside, PictureFormat::isNamed).forEach(file -> pictures.add(new Labelled(file, label)));
    }
    if (pictures.isEmpty()) {
      throw new InputException(
          "%s: its folders hold no picture (%s)".formatted(folder, PictureFormat.allEndings()));
    }
    return new ImageNetPictures(folder, pictures);
  }

  private static ImageNetPictures flat(Path folder, GroundTruth truth, Screen screen) {
    List<Path> files = list(folder, PictureFormat::isNamed);
    if (files.isEmpty()) {
      throw new InputException(
          "%s holds no picture (%s)".formatted(folder, PictureFormat.allEndings()));
    }
    List<Labelled> pictures = new ArrayList<>();
    List<Path> unknown = new ArrayList<>();
    for (Path file : files) {
      OptionalInt label = truth.of(file);
      label.ifPresentOrElse(
          index -> pictures.add(new Labelled(file, index)), () -> unknown.add(file));
    }
    if (!unknown.isEmpty()) {
      throw new InputException(
          "%s: says nothing of %,d of the %,d pictures, such as %s; take them away, or give the file that knows them with --truth"
              .formatted(truth.file(), unknown.size(), files.size(), name(unknown.get(0))));
    }
    int absent = truth.classes().size() - pictures.size();
    if (absent > 0) {
      screen.note(
          "%s: %,d of its %,d pictures are not in %s"
              .formatted(truth.file(), absent, truth.classes().size(), folder));
    }
    return new ImageNetPictures(folder, pictures);
  }

  private interface Wanted {
    boolean is(Path entry);
  }

  /** What is not hidden, by name: the order of a listing differs between systems. */
  private static List<Path> list(Path folder, Wanted wanted) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> !name(entry).startsWith("."))
          .filter(wanted::is)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new InputException(Failures.message(e), e);
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  /** So many of these pictures, spread over all of them; all if there are no more. */
  ImageNetPictures limited(int count) {
    if (count >= pictures.size()) {
      return this;
    }
    List<Labelled> some = new ArrayList<>();
    for (long number = 0; number < count; number++) {
      some.add(pictures.get((int) (number * pictures.size() / count)));
    }
    return new ImageNetPictures(folder, some);
  }

  /** How many of the classes are shown. */
  int classes() {
    return (int) pictures.stream().mapToInt(Labelled::label).distinct().count();
  }

  /** A number that tells lists of pictures apart: names, lengths and classes. */
  String digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Labelled picture : pictures) {
        String line =
            "%s\t%d\t%d\n"
                .formatted(
                    folder.relativize(picture.file()), Files.size(picture.file()), picture.label());
        digest.update(line.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new InputException(Failures.message(e), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Why a picture could not be read; nothing if it could, or was not yet. */
  @Nullable String fault(int index) {
    return faults.get(index);
  }

  Path file(int index) {
    return pictures.get(index).file();
  }

  @Override
  public String name() {
    return folder.toString();
  }

  @Override
  public List<String> labels() {
    return ImageNet.labels();
  }

  @Override
  public int size() {
    return pictures.size();
  }

  @Override
  public int label(int index) {
    return pictures.get(index).label();
  }

  @Override
  public String title(int index) {
    return file(index).toString();
  }

  @Override
  public Picture picture(int index) {
    try {
      Picture picture = PictureReader.read(file(index));
      int shorter = Math.min(picture.width(), picture.height());
      if (Math.max(picture.width(), picture.height()) / shorter < THINNEST) {
        return picture;
      }
      throw new InputException(
          "%s: %dx%d pixels are too long and thin"
              .formatted(file(index), picture.width(), picture.height()));
    } catch (InputException e) {
      faults.put(index, Failures.message(e));
      return BLACK;
    }
  }
}
