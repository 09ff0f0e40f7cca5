package dev.depthwise.catalogue;

import dev.depthwise.network.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches a file by HTTP or from this machine, and goes on where it stopped.
 *
 * <p>What came so far lies in a part, with {@code PART.from} beside it: where it is from, and by
 * which mark the server knows that version of the file (RFC 9110, Section 13.1.5). Only the same
 * version is gone on with; all else begins again.
 *
 * <p>What the server says is never trusted further than it can be checked: it is asked for bytes,
 * and it is whoever called this who finds out whether they are the right ones.
 */
final class Download {
  private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

  private final Limits limits;
  private final HttpClient client;

  /**
   * What is put up with.
   *
   * @param connect how long a server may take to be reached
   * @param stall how long it may send nothing
   * @param redirects how often it may send us elsewhere
   * @param attempts how often in a row it may fail without sending anything new
   * @param pause after the first of those; twice as long after each further one
   * @param bytes how large a file may be
   */
  record Limits(
      Duration connect, Duration stall, int redirects, int attempts, Duration pause, long bytes) {
    /** How often it may fail after sending something, for each time that it may without. */
    private static final int PATIENCE = 20;

    static Limits usual() {
      // The largest published file has 0.6 GB.
      return new Limits(
          Duration.ofSeconds(20), Duration.ofSeconds(30), 5, 5, Duration.ofSeconds(1), 4L << 30);
    }
  }

  /**
   * How a file came.
   *
   * @param resumed whether it was gone on with
   * @param counted whether the server said how long it is, so that it is whole
   */
  record Arrival(boolean resumed, boolean counted) {}

  /** There is no such file at that address. */
  static final class NotThereException extends IOException {
    private static final long serialVersionUID = 1L;

    NotThereException(String message) {
      super(message);
    }
  }

  /** The server answered something that makes no sense; what came so far is of no use. */
  private static final class SenselessException extends IOException {
    private static final long serialVersionUID = 1L;

    SenselessException(String message) {
      super(message);
    }
  }

  /**
   * Where a part is from.
   *
   * @param mark by which the server knows the version; without one, a part is not gone on with
   * @param total bytes of the whole file, if the server said
   */
  private record Origin(String source, Optional<String> mark, OptionalLong total) {
    /** Reads what {@link #write} wrote; nothing if that is not what is there. */
    static Optional<Origin> read(Path file) {
      try {
        if (!Files.exists(file) || Files.size(file) > 1 << 16) {
          return Optional.empty();
        }
        List<String> lines = Files.readString(file).lines().toList();
        if (lines.size() != 4 || !lines.get(3).equals("end")) {
          return Optional.empty();
        }
        return Optional.of(
            new Origin(
                lines.get(0),
                Optional.of(lines.get(1)).filter(mark -> !mark.isEmpty()),
                lines.get(2).matches("\\d{1,18}")
                    ? OptionalLong.of(Long.parseLong(lines.get(2)))
                    : OptionalLong.empty()));
      } catch (IOException e) {
        return Optional.empty();
      }
    }

    void write(Path file) {
      String length = total.isPresent() ? String.valueOf(total.getAsLong()) : "";
      onDisk(
          () ->
              Files.writeString(
                  file, "%s\n%s\n%s\nend\n".formatted(source, mark.orElse(""), length)));
    }
  }

  Download(Limits limits) {
    this.limits = limits;
    // HTTP/2 brings nothing for one file, and asking for it disturbs some proxies.
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limits.connect())
            .proxy(Proxies.usual())
            .build();
  }

  /** Forgets what came so far. */
  static void discard(Path part) {
    onDisk(
        () -> {
          Files.deleteIfExists(part);
          return Files.deleteIfExists(from(part));
        });
  }

  private static Path from(Path part) {
    return part.resolveSibling(part.getFileName() + ".from");
  }

  /**
   * Fetches all of a file.
   *
   * @param part what came so far, if anything; all of it afterwards
   * @throws NotThereException if there is no such file
   * @throws InputException if it cannot be had; what came so far is kept
   */
  Arrival fetch(URI source, Path part, FetchListener listener) throws NotThereException {
    if (source.getScheme().equals("file")) {
      return copy(Path.of(source), part, listener);
    }
    boolean resumed = false;
    int idle = 0;
    int failures = 0;
    while (true) {
      long before = size(part);
      try {
        Optional<Origin> known = Origin.read(from(part)).filter(origin -> goesOn(origin, source));
        if (known.isEmpty()) {
          discard(part);
          before = 0;
        }
        boolean continued = attempt(source, part, known, listener);
        return new Arrival(
            resumed || continued,
            Origin.read(from(part)).filter(o -> o.total().isPresent()).isPresent());
      } catch (NotThereException e) {
        throw e;
      } catch (SenselessException e) {
        discard(part);
        idle++;
        failures++;
        pause(source, part, e, idle, failures, listener);
      } catch (IOException e) {
        idle = size(part) > before ? 0 : idle + 1;
        failures++;
        pause(source, part, e, idle, failures, listener);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InputException(source + ": was interrupted; what came so far is kept", e);
      }
      resumed = true;
    }
  }

  private static boolean goesOn(Origin origin, URI source) {
    return origin.source().equals(source.toString()) && origin.mark().isPresent();
  }

  private void pause(
      URI source, Path part, IOException failure, int idle, int failures, FetchListener listener) {
    boolean marked = Origin.read(from(part)).filter(origin -> goesOn(origin, source)).isPresent();
    long kept = marked ? size(part) : 0;
    if (idle >= limits.attempts() || failures >= limits.attempts() * Limits.PATIENCE) {
      throw new InputException(
          "%s: %s, %d times; %s"
              .formatted(
                  source,
                  message(failure),
                  failures,
                  kept > 0
                      ? "%,d bytes are kept, and the same command goes on with them".formatted(kept)
                      : "is this machine connected, and may it reach that address? else take a"
                          + " mirror (--mirror)"),
          failure);
    }
    listener.note("%s: %s; trying again".formatted(source.getHost(), message(failure)));
    try {
      Thread.sleep(limits.pause().toMillis() << Math.min(Math.max(0, idle - 1), 4));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InputException(source + ": was interrupted; what came so far is kept", e);
    }
  }

  private static String message(IOException failure) {
    if (failure instanceof HttpTimeoutException) {
      return "no answer came in time";
    }
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? "cannot be reached (%s)".formatted(failure.getClass().getSimpleName())
        : message;
  }

  /** One request and what it brings; says whether it went on with what was there. */
  private boolean attempt(URI source, Path part, Optional<Origin> known, FetchListener listener)
      throws IOException, InterruptedException {
    long have = size(part);
    HttpResponse<Chunks> response = request(source, have, known);
    try (Chunks body = response.body()) {
      HttpHeaders headers = response.headers();
      String coding = headers.firstValue("Content-Encoding").orElse("identity");
      if (!coding.equalsIgnoreCase("identity")) {
        throw new SenselessException("sends the file encoded as '%s'".formatted(clean(coding)));
      }
      switch (response.statusCode()) {
        case 200 -> {
          OptionalLong total = headers.firstValueAsLong("Content-Length");
          requireFits(source, total);
          discard(part);
          Origin origin = new Origin(source.toString(), mark(headers), total);
          origin.write(from(part));
          receive(body, part, 0, total, listener);
          return false;
        }
        case 206 -> {
          OptionalLong total = OptionalLong.of(continued(headers, have, known));
          requireFits(source, total);
          receive(body, part, have, total, listener);
          return true;
        }
        case 416 -> throw new SenselessException("has no such range");
        case 404, 410 ->
            throw new NotThereException(
                "%s: there is no such file (the server answers %d)"
                    .formatted(source, response.statusCode()));
        case 408, 425, 429, 500, 502, 503, 504 ->
            throw new IOException("the server answers %d".formatted(response.statusCode()));
        default ->
            throw new InputException(
                "%s: the server answers %d; may this machine have that file?"
                    .formatted(source, response.statusCode()));
      }
    }
  }

  /** The length of the whole, of which the rest comes. */
  private static long continued(HttpHeaders headers, long have, Optional<Origin> known)
      throws SenselessException {
    Matcher range = RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
    if (!range.matches() || known.isEmpty() || have == 0) {
      throw new SenselessException("sends a part that was not asked for");
    }
    long first = Long.parseLong(range.group(1));
    long last = Long.parseLong(range.group(2));
    long total = Long.parseLong(range.group(3));
    OptionalLong before = known.get().total();
    boolean changed =
        (before.isPresent() && before.getAsLong() != total)
            || mark(headers)
                .filter(mark -> !known.get().mark().equals(Optional.of(mark)))
                .isPresent();
    if (first != have || last != total - 1 || changed) {
      throw new SenselessException(
          changed
              ? "has another version of the file meanwhile"
              : "sends another part than was asked for");
    }
    return total;
  }

  private void requireFits(URI source, OptionalLong total) {
    if (total.isPresent() && total.getAsLong() > limits.bytes()) {
      throw new InputException(
          "%s: has %,d bytes, the server says; that is not what was published, which has at most %,d"
              .formatted(source, total.getAsLong(), limits.bytes()));
    }
  }

  private void receive(
      Chunks body, Path part, long have, OptionalLong total, FetchListener listener)
      throws IOException, InterruptedException {
    long done = have;
    long most = total.orElse(limits.bytes());
    try (FileChannel channel = opened(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      onDisk(() -> channel.position(have));
      listener.at(done, total.orElse(-1));
      for (List<ByteBuffer> piece = body.next(limits.stall());
          piece != null;
          piece = body.next(limits.stall())) {
        for (ByteBuffer buffer : piece) {
          done += buffer.remaining();
          if (done > most) {
            throw new SenselessException(
                "sends more than the %,d bytes that there should be".formatted(most));
          }
          onDisk(
              () -> {
                while (buffer.hasRemaining()) {
                  channel.write(buffer);
                }
                return channel;
              });
        }
        listener.at(done, total.orElse(-1));
      }
    }
    if (total.isPresent() && done < total.getAsLong()) {
      throw new IOException(
          "the line was cut after %,d of %,d bytes".formatted(done, total.getAsLong()));
    }
  }

  /** Asks, and follows where the answer points. */
  private HttpResponse<Chunks> request(URI source, long have, Optional<Origin> known)
      throws IOException, InterruptedException {
    URI address = source;
    for (int step = 0; step <= limits.redirects(); step++) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(address)
              .timeout(limits.stall())
              .header("Accept-Encoding", "identity")
              .header("User-Agent", "depthwise");
      if (have > 0) {
        known
            .flatMap(Origin::mark)
            .ifPresent(
                mark ->
                    request.header("Range", "bytes=%d-".formatted(have)).header("If-Range", mark));
      }
      HttpResponse<Chunks> response = client.send(request.build(), head -> new Chunks());
      int status = response.statusCode();
      if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) {
        return response;
      }
      response.body().close();
      address = elsewhere(address, response.headers().firstValue("Location").orElse(""));
    }
    throw new InputException(
        "%s: sends us on more than %d times; is there a mirror (--mirror)?"
            .formatted(source, limits.redirects()));
  }

  /**
   * Where an answer points.
   *
   * @throws InputException if that is no web page, or one where others may listen while this is not
   */
  static URI elsewhere(URI from, String location) {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "%s: sends us on to '%s', which is no address".formatted(from, clean(location)), e);
    }
    String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
    boolean web = scheme.equals("https") || scheme.equals("http");
    boolean down = from.getScheme().equalsIgnoreCase("https") && scheme.equals("http");
    if (location.isEmpty() || !web || down || to.getHost() == null) {
      throw new InputException(
          "%s: sends us on to '%s', which is not followed: only to https, or from http to http"
              .formatted(from, clean(location)));
    }
    return to;
  }

  /** What the server knows this version of the file by, if it is fit to compare bytes with. */
  private static Optional<String> mark(HttpHeaders headers) {
    return headers
        .firstValue("ETag")
        .filter(tag -> !tag.startsWith("W/"))
        .or(() -> headers.firstValue("Last-Modified"))
        .filter(mark -> mark.matches("[\\x20-\\x7e]{1,1000}"));
  }

  private Arrival copy(Path source, Path part, FetchListener listener) throws NotThereException {
    if (!Files.exists(source)) {
      throw new NotThereException(source + ": there is no such file");
    }
    if (!Files.isRegularFile(source)) {
      throw new InputException(source + ": is no file");
    }
    discard(part);
    try (FileChannel in = opened(source, StandardOpenOption.READ);
        FileChannel out = opened(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long total = in.size();
      if (total > limits.bytes()) {
        throw new InputException(
            "%s: has %,d bytes; what was published has at most %,d"
                .formatted(source, total, limits.bytes()));
      }
      long done = 0;
      while (done < total) {
        long moved = in.transferTo(done, Math.min(1 << 23, total - done), out);
        if (moved <= 0) {
          throw new InputException(source + ": became shorter while it was read");
        }
        done += moved;
        listener.at(done, total);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Arrival(false, true);
  }

  private static long size(Path part) {
    return onDisk(() -> Files.exists(part) ? Files.size(part) : 0L);
  }

  private static FileChannel opened(Path file, StandardOpenOption... options) {
    return onDisk(() -> FileChannel.open(file, options));
  }

  /** What the server sent, fit to be shown. */
  private static String clean(String text) {
    String shown = text.replaceAll("[^\\x20-\\x7e]", "?");
    return shown.length() > 200 ? shown.substring(0, 200) + "..." : shown;
  }

  /** Something about files, where a failure is not the server's. */
  @FunctionalInterface
  private interface OnDisk<T> {
    T run() throws IOException;
  }

  /** Does what no further attempt would mend: a disk that is full stays full. */
  private static <T> T onDisk(OnDisk<T> action) {
    try {
      return action.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
