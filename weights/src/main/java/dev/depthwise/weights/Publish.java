package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * Writes files and directories so that they appear whole or not at all.
 *
 * <p>The content is written beside its target under a name that begins with a dot and ends in
 * {@code .tmp}, forced to the disk, and published by one rename. If anything fails, it is removed
 * and the target is what it was. Only a process that is killed leaves it behind; it may be deleted
 * then.
 */
public final class Publish {
  private Publish() {}

  /** Writes the content of a file or a directory. */
  @FunctionalInterface
  public interface Writer {
    /**
     * Writes to the given path: a file that does not exist yet, or an empty directory.
     *
     * @throws IOException if that fails; nothing is published then
     */
    void write(Path path) throws IOException;
  }

  /**
   * Writes a file, in place of the one there is.
   *
   * @throws WriteException if it could not be written; an older file is unharmed
   * @throws InputException if the target is something else than a file
   */
  public static void file(Path target, Writer writer) {
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new InputException(target + ": cannot be written: it is no file; give another name");
    }
    attempt(
        target,
        (place, temporary) -> {
          writer.write(temporary);
          force(temporary);
          Files.move(
              temporary,
              place,
              StandardCopyOption.ATOMIC_MOVE,
              StandardCopyOption.REPLACE_EXISTING);
        });
  }

  /**
   * Writes a directory that does not exist yet, or is empty.
   *
   * @throws WriteException if it could not be written
   * @throws InputException if there is something already
   */
  public static void newDirectory(Path target, Writer writer) {
    if (Files.exists(target) && !(Files.isDirectory(target) && entries(target).isEmpty())) {
      throw new InputException(
          target + ": exists already; give another name, or ask for it to be replaced");
    }
    attempt(
        target,
        (place, temporary) -> {
          fill(temporary, writer);
          // Throws if somebody has put something into it meanwhile.
          Files.deleteIfExists(place);
          Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
        });
  }

  /**
   * Writes a directory, in place of the one there is.
   *
   * <p>No file system that Java knows exchanges two directories in one step: the old one is renamed
   * to a name that begins with a dot and ends in {@code .old}, the new one takes its place, and
   * then the old one is deleted. A machine that stops between the two renames leaves the old one
   * under that name.
   *
   * @param known the names that the old directory may hold; with others in it, it is not replaced
   * @throws WriteException if it could not be written; the old directory is unharmed
   * @throws InputException if the target is no directory, or holds something that is not known
   */
  public static void replaceDirectory(Path target, Set<String> known, Writer writer) {
    if (!Files.exists(target)) {
      newDirectory(target, writer);
      return;
    }
    if (!Files.isDirectory(target)) {
      throw new InputException(target + ": cannot be replaced: it is no directory");
    }
    List<String> others =
        entries(target).stream().filter(name -> !known.contains(name)).sorted().toList();
    if (!others.isEmpty()) {
      throw new InputException(
          "%s: is not replaced, because it also holds %s (%d other in all); give another name"
              .formatted(target, Text.quote(others.get(0)), others.size()));
    }
    attempt(
        target,
        (place, temporary) -> {
          fill(temporary, writer);
          Path old = sibling(place, "old");
          Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
          try {
            Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
          } catch (IOException e) {
            Files.move(old, place, StandardCopyOption.ATOMIC_MOVE);
            throw e;
          }
          delete(old);
        });
  }

  /** Why a file could not be read or written, in a few words and without its name. */
  static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such directory";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException || e instanceof DirectoryNotEmptyException) {
      return "something else is there";
    }
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return reason == null ? e.getClass().getSimpleName() : Text.clean(reason);
  }

  private interface Step {
    void run(Path place, Path temporary) throws IOException;
  }

  private static void attempt(Path target, Step step) {
    Path place = target.toAbsolutePath().normalize();
    Path temporary = null;
    try {
      if (Files.isSymbolicLink(place) && Files.exists(place)) {
        // The link stays a link: what it points at is replaced.
        place = place.toRealPath();
      }
      if (place.getFileName() == null) {
        throw new InputException(target + ": cannot be written: it is the root of the disk");
      }
      Files.createDirectories(parent(place));
      temporary = sibling(place, "tmp");
      step.run(place, temporary);
      forceDirectory(parent(place));
    } catch (IOException e) {
      throw failed(target, e);
    } catch (WriteException e) {
      throw failed(target, e.getCause());
    } finally {
      if (temporary != null) {
        delete(temporary);
      }
    }
  }

  private static WriteException failed(Path target, IOException e) {
    return new WriteException(
        "could not write %s: %s; nothing was changed".formatted(target, reason(e)), e);
  }

  private static void fill(Path directory, Writer writer) throws IOException {
    Files.createDirectory(directory);
    writer.write(directory);
    for (Path path : tree(directory)) {
      if (Files.isDirectory(path)) {
        forceDirectory(path);
      } else {
        force(path);
      }
    }
  }

  private static Path parent(Path place) {
    Path parent = place.getParent();
    return parent == null ? place : parent;
  }

  private static Path sibling(Path place, String ending) {
    return place.resolveSibling(
        ".%s.%016x.%s"
            .formatted(place.getFileName(), ThreadLocalRandom.current().nextLong(), ending));
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void forceDirectory(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException ignored) {
      // Windows and some network file systems cannot force a directory; the files are safe.
    }
  }

  private static List<String> entries(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(path -> String.valueOf(path.getFileName())).toList();
    } catch (IOException e) {
      throw InputFile.unreadable(directory, e);
    }
  }

  /** A directory and all below it, the deepest first; links are not followed. */
  private static List<Path> tree(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.sorted(Comparator.reverseOrder()).toList();
    }
  }

  private static void delete(Path root) {
    try {
      if (Files.exists(root)) {
        for (Path path : tree(root)) {
          Files.deleteIfExists(path);
        }
      }
    } catch (IOException ignored) {
      // What cannot be deleted stays under its temporary name and does no harm there.
    }
  }
}
