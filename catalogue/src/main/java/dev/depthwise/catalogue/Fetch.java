package dev.depthwise.catalogue;

import dev.depthwise.catalogue.Cache.State;
import dev.depthwise.catalogue.Download.Arrival;
import dev.depthwise.catalogue.Download.NotThereException;
import dev.depthwise.network.InputException;
import dev.depthwise.weights.Publish;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Brings published files into a cache: under their names only once they are known to be right. */
public final class Fetch {
  private final Cache cache;
  private final Download.Limits limits;

  /** Into a cache, with the patience that suits a slow line. */
  public Fetch(Cache cache) {
    this(cache, Download.Limits.usual());
  }

  Fetch(Cache cache, Download.Limits limits) {
    this.cache = cache;
    this.limits = limits;
  }

  /**
   * What was done.
   *
   * @param path the file
   * @param fetched false if it was there already
   * @param sum its SHA-256
   * @param held what it was held against; nothing if its sum is known only from now on
   */
  public record Fetched(Path path, boolean fetched, Checksum sum, Optional<Checksum> held) {}

  /**
   * Fetches a file, unless it is there already and is what it should be.
   *
   * @param mirror where from, in place of where it is published
   * @param own what it should be, in place of what is known: the SHA-256 of a file of one's own
   * @throws InputException if it cannot be had, or is not what it should be
   */
  public Fetched fetch(
      PublishedFile file, Optional<Mirror> mirror, Optional<Checksum> own, FetchListener listener) {
    Path place = cache.place(file);
    try {
      Files.createDirectories(cache.folder());
      Path lock = cache.folder().resolve("." + file.name() + ".lock");
      try (FileChannel channel =
          FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        try (FileLock held = locked(channel)) {
          if (held == null) {
            throw new InputException(place + ": somebody else is fetching it just now; wait");
          }
          return alone(file, mirror, own, listener);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable FileLock locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private Fetched alone(
      PublishedFile file, Optional<Mirror> mirror, Optional<Checksum> own, FetchListener listener) {
    Path place = cache.place(file);
    List<URI> sources =
        mirror.map(from -> from.addresses(file)).orElseGet(() -> List.of(file.address()));
    Optional<Checksum> expected =
        own.or(() -> beside(mirror, sources)).or(() -> cache.expected(file));
    if (Files.exists(place)) {
      Checksum there = Cache.sum(place, Checksum.Algorithm.SHA256);
      boolean right =
          expected.isPresent()
              ? fits(place, expected.get(), there)
              : cache.check(file).state() != State.WRONG;
      if (right) {
        cache.keep(file, there);
        return new Fetched(place, false, there, expected);
      }
      listener.note("%s: is not what it should be; fetching it again".formatted(place));
    }
    Path part = place.resolveSibling(file.name() + ".part");
    Checksum sum = part(file, sources, part, expected, listener);
    Publish.file(place, temporary -> Files.move(part, temporary));
    Download.discard(part);
    cache.keep(file, sum);
    return new Fetched(place, true, sum, expected);
  }

  /** What a mirror's owner wrote beside the file, where the mirror is a folder of this machine. */
  private static Optional<Checksum> beside(Optional<Mirror> mirror, List<URI> sources) {
    if (mirror.isEmpty() || !mirror.get().isFolder()) {
      return Optional.empty();
    }
    return sources.stream()
        .map(Path::of)
        .filter(Files::isRegularFile)
        .findFirst()
        .flatMap(path -> Cache.written(path.resolveSibling(path.getFileName() + ".sha256")));
  }

  /** Fetches all of a file into its part, and holds it against what it should be. */
  private Checksum part(
      PublishedFile file,
      List<URI> sources,
      Path part,
      Optional<Checksum> expected,
      FetchListener listener) {
    Download download =
        new Download(
            file.size().isPresent()
                ? new Download.Limits(
                    limits.connect(),
                    limits.stall(),
                    limits.redirects(),
                    limits.attempts(),
                    limits.pause(),
                    file.size().getAsLong())
                : limits);
    boolean second = false;
    while (true) {
      Arrival arrival = arrival(download, sources, part, listener);
      if (expected.isEmpty() && !arrival.counted()) {
        Download.discard(part);
        throw new InputException(
            "%s: no sum of it is published, and the server does not say how long it is: what came may"
                    .formatted(file.name())
                + " not be all; was not kept (--sha256 HEX, if you know its sum)");
      }
      Checksum sum = Cache.sum(part, Checksum.Algorithm.SHA256);
      if (expected.isEmpty() || fits(part, expected.get(), sum)) {
        return sum;
      }
      Checksum found =
          expected.get().algorithm() == Checksum.Algorithm.MD5
              ? Cache.sum(part, Checksum.Algorithm.MD5)
              : sum;
      Download.discard(part);
      if (!arrival.resumed() || second) {
        throw new InputException(
            "%s: what came from %s is something else: it should be %s, but is %s; it was not kept (a file"
                    .formatted(file.name(), sources.get(0).resolve("."), expected.get(), found)
                + " of your own needs --sha256 HEX)");
      }
      listener.note("the parts do not fit together; fetching all of it again");
      second = true;
    }
  }

  private static Arrival arrival(
      Download download, List<URI> sources, Path part, FetchListener listener) {
    List<String> missing = new ArrayList<>();
    for (URI source : sources) {
      try {
        return download.fetch(source, part, listener);
      } catch (NotThereException e) {
        missing.add(String.valueOf(e.getMessage()));
      }
    }
    throw new InputException(String.join("; ", missing));
  }

  private static boolean fits(Path file, Checksum expected, Checksum sha256) {
    return expected.algorithm() == Checksum.Algorithm.SHA256
        ? expected.fits(sha256)
        : expected.fits(Cache.sum(file, expected.algorithm()));
  }
}
