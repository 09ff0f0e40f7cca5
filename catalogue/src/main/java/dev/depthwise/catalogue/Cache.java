package dev.depthwise.catalogue;

import dev.depthwise.network.InputException;
import dev.depthwise.weights.Publish;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * A folder of published files, each under its own name.
 *
 * <p>What a file is held against is, first of these: the SHA-256 in {@code NAME.sha256} beside it
 * (as sha256sum writes it), and the sum that is published. The first is written when a file is
 * fetched; a person who has a file of their own under a published name writes it too.
 *
 * <p>Files are summed every time they are asked for, which takes a second or less of the largest:
 * whatever happened to one meanwhile, and however it came there, what is read is what was meant.
 *
 * @param folder which need not exist
 */
public record Cache(Path folder) {
  /** Names the folder that everything is kept in. */
  public static final String HOME_VARIABLE = "DEPTHWISE_HOME";

  private static final String RECORD = ".sha256";
  private static final long LARGEST_RECORD = 4096;

  /** What is known about a file. */
  public enum State {
    /** It is not there. */
    MISSING,
    /** It is there, and is what it should be. */
    WHOLE,
    /** It is there, and nothing says what it should be. */
    UNKNOWN,
    /** It is there, and is something else. */
    WRONG
  }

  /**
   * What was found out about a file.
   *
   * @param found its sum, if it is there and there was something to hold it against
   */
  public record Verdict(State state, Optional<Checksum> found) {}

  /** The cache of whoever runs this. */
  public static Cache usual() {
    return new Cache(
        folder(
            name -> Optional.ofNullable(System.getenv(name)),
            System.getProperty("os.name", ""),
            Path.of(System.getProperty("user.home", "."))));
  }

  /**
   * Where a system's users expect it.
   *
   * @param environment a variable's value
   */
  static Path folder(Function<String, Optional<String>> environment, String system, Path home) {
    Optional<Path> chosen = path(environment, HOME_VARIABLE);
    if (chosen.isPresent()) {
      return chosen.get().resolve("weights");
    }
    String folded = system.toLowerCase(Locale.ROOT);
    Path caches;
    if (folded.startsWith("windows")) {
      caches =
          path(environment, "LOCALAPPDATA")
              .orElseGet(() -> home.resolve("AppData").resolve("Local"));
    } else if (folded.startsWith("mac")) {
      caches = home.resolve("Library").resolve("Caches");
    } else {
      // A relative one is to be ignored, says its specification.
      caches =
          path(environment, "XDG_CACHE_HOME")
              .filter(Path::isAbsolute)
              .orElseGet(() -> home.resolve(".cache"));
    }
    return caches.resolve("depthwise").resolve("weights");
  }

  private static Optional<Path> path(
      Function<String, Optional<String>> environment, String variable) {
    return environment.apply(variable).filter(value -> !value.isBlank()).map(Path::of);
  }

  /** Where a file lies, or would lie. */
  public Path place(PublishedFile file) {
    return folder.resolve(file.name());
  }

  /** Where the sum stands that a file is held against in place of the published one. */
  public Path record(PublishedFile file) {
    return folder.resolve(file.name() + RECORD);
  }

  /**
   * The file, if it is there; held against what it should be, or its sum written down if nothing
   * says what it should be.
   *
   * @throws InputException if it is something else
   */
  public Optional<Path> find(PublishedFile file) {
    Path place = place(file);
    Verdict verdict = check(file);
    switch (verdict.state()) {
      case MISSING -> {
        return Optional.empty();
      }
      case WHOLE -> {}
      case UNKNOWN -> keep(file, sum(place, Checksum.Algorithm.SHA256));
      case WRONG ->
          throw new InputException(
              "%s: is not what was published: it should be %s, but is %s; delete it and fetch it again%s"
                  .formatted(
                      place,
                      expected(file).map(Checksum::toString).orElse(""),
                      verdict.found().map(Checksum::toString).orElse(""),
                      Files.exists(record(file))
                          ? " (%s says so)".formatted(record(file).getFileName())
                          : ""));
    }
    return Optional.of(place);
  }

  /**
   * Holds a file against what it should be; nothing is written.
   *
   * @throws InputException if it cannot be read
   */
  public Verdict check(PublishedFile file) {
    Path place = place(file);
    if (!Files.exists(place)) {
      return new Verdict(State.MISSING, Optional.empty());
    }
    if (!Files.isRegularFile(place)) {
      throw new InputException(place + ": is no file; move it away");
    }
    return expected(file)
        .map(
            expected -> {
              Checksum found = sum(place, expected.algorithm());
              return new Verdict(
                  expected.fits(found) ? State.WHOLE : State.WRONG, Optional.of(found));
            })
        .orElseGet(() -> new Verdict(State.UNKNOWN, Optional.empty()));
  }

  /**
   * What a file should be: as is written beside it, else as is published.
   *
   * @throws InputException if what is written beside it is no sum
   */
  public Optional<Checksum> expected(PublishedFile file) {
    return written(record(file)).or(file::checksum);
  }

  /** Writes down what a file is, for the next time. */
  void keep(PublishedFile file, Checksum sum) {
    Publish.file(
        record(file),
        path -> Files.writeString(path, "%s  %s\n".formatted(sum.hex(), file.name())));
  }

  /** The sum in a file as sha256sum writes it, if there is such a file. */
  static Optional<Checksum> written(Path record) {
    if (!Files.exists(record)) {
      return Optional.empty();
    }
    try {
      if (Files.size(record) > LARGEST_RECORD) {
        throw new InputException(
            record + ": is too large for a SHA-256; expected 64 hexadecimal digits");
      }
      String text = Files.readString(record, StandardCharsets.ISO_8859_1).strip();
      if (!text.matches("(?s)[0-9a-fA-F]{64}(\\s.*)?")) {
        throw new InputException(
            record
                + ": holds no SHA-256; expected 64 hexadecimal digits, as sha256sum prints them");
      }
      return Optional.of(Checksum.parse(text.substring(0, 64)));
    } catch (IOException e) {
      throw unreadable(record, e);
    }
  }

  static Checksum sum(Path file, Checksum.Algorithm algorithm) {
    try {
      return Checksum.of(file, algorithm);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static InputException unreadable(Path file, IOException e) {
    return new InputException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
  }
}
