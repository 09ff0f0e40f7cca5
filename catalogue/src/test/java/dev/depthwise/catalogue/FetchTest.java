package dev.depthwise.catalogue;

import static dev.depthwise.catalogue.FaultyServer.cut;
import static dev.depthwise.catalogue.FaultyServer.good;
import static dev.depthwise.catalogue.FaultyServer.head;
import static dev.depthwise.catalogue.FaultyServer.rest;
import static dev.depthwise.catalogue.FaultyServer.silence;
import static dev.depthwise.catalogue.FaultyServer.stalled;
import static dev.depthwise.catalogue.FaultyServer.status;
import static dev.depthwise.catalogue.FaultyServer.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.catalogue.FaultyServer.Answer;
import dev.depthwise.catalogue.Fetch.Fetched;
import dev.depthwise.network.InputException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fetching from servers as they are. */
@Timeout(120)
final class FetchTest {
  private static final int SIZE = 200_000;
  private static final String MARK = "\"one\"";
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir Path folder;

  private final byte[] file = bytes(1);
  private final byte[] other = bytes(2);
  private final CountDownLatch over = new CountDownLatch(1);
  private final List<String> notes = new ArrayList<>();
  private final List<Long> progress = new ArrayList<>();

  @AfterEach
  void lettingStalledServersGo() {
    over.countDown();
  }

  @Test
  void aFileIsCheckedBeforeItHasItsName() throws IOException {
    try (FaultyServer server = FaultyServer.answering(good(file, MARK))) {
      Fetched fetched = fetch(server, md5(file));

      assertThat(fetched.fetched()).isTrue();
      assertThat(fetched.path()).isEqualTo(cache().folder().resolve("w.h5")).hasBinaryContent(file);
      assertThat(progress).startsWith(0L).endsWith((long) SIZE).isSorted();
      assertThat(names()).containsExactlyInAnyOrder("w.h5", "w.h5.sha256", ".w.h5.lock");
      assertThat(cache().folder().resolve("w.h5.sha256"))
          .hasContent("%s  w.h5\n".formatted(sha256(file).hex()));

      assertThat(fetch(server, md5(file)).fetched()).isFalse();
      assertThat(server.requests()).hasSize(1);
      assertThat(server.requests().get(0).header("Accept-Encoding")).isEqualTo("identity");
    }
  }

  @Test
  void wrongBytesAreNotKept() throws IOException {
    try (FaultyServer server = FaultyServer.answering(good(other, MARK))) {
      refused(() -> fetch(server, md5(file)), "it should be md5 ", "but is md5 ", "was not kept");
      refused(() -> fetch(server, start(file)), "it should be sha256 ", "...");

      assertThat(names()).containsExactly(".w.h5.lock");
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void aCutLineIsGoneOnWith() throws IOException {
    try (FaultyServer server =
        FaultyServer.answering(cut(file, 70_000, "ETag: " + MARK), good(file, MARK))) {
      assertThat(fetch(server, md5(file)).path()).hasBinaryContent(file);

      assertThat(server.requests().get(1).header("Range")).isEqualTo("bytes=70000-");
      assertThat(server.requests().get(1).header("If-Range")).isEqualTo(MARK);
      assertThat(notes).singleElement().asString().contains("the line was cut", "trying again");
    }
  }

  @Test
  void aServerThatStallsIsLeftAndGoneOnWith() throws IOException {
    try (FaultyServer server =
        FaultyServer.answering(stalled(over, file, 70_000, "ETag: " + MARK), good(file, MARK))) {
      assertThat(fetch(server, md5(file), SHORT, 50).path()).hasBinaryContent(file);

      assertThat(server.requests().get(1).first()).isEqualTo(70_000);
      assertThat(notes.get(0)).contains("nothing came for 0 s");
    }
  }

  @Test
  void aServerThatNeverAnswersIsGivenUp() throws IOException {
    try (FaultyServer server = FaultyServer.answering(silence(over))) {
      refused(() -> fetch(server, md5(file), SHORT, 3), "no answer came in time, 3 times");
      assertThat(server.requests()).hasSize(3);
    }
  }

  @Test
  void whatCameIsKeptForTheNextTime() throws IOException {
    try (FaultyServer server =
        FaultyServer.answering(
            cut(file, 70_000, "ETag: " + MARK), status(503), status(503), good(file, MARK))) {
      refused(
          () -> fetch(server, md5(file), LONG, 2),
          "the server answers 503",
          "70,000 bytes are kept, and the same command goes on with them");
      assertThat(names()).contains("w.h5.part").doesNotContain("w.h5");

      assertThat(fetch(server, md5(file)).path()).hasBinaryContent(file);
      assertThat(server.requests().get(3).first()).isEqualTo(70_000);
      assertThat(names()).containsExactlyInAnyOrder("w.h5", "w.h5.sha256", ".w.h5.lock");
    }
  }

  @Test
  void aFileThatHasChangedMeanwhileBeginsAgain() throws IOException {
    Answer first = cut(other, 70_000, "ETag: \"old\"");
    try (FaultyServer server = FaultyServer.answering(first, good(file, MARK))) {
      assertThat(fetch(server, md5(file)).path()).hasBinaryContent(file);
      assertThat(server.requests()).hasSize(2);
    }
    Files.delete(cache().folder().resolve("w.h5"));
    // One that does not look at If-Range, but says that this is another version.
    try (FaultyServer server = FaultyServer.answering(first, rest(file, MARK), good(file, MARK))) {
      assertThat(fetch(server, md5(file)).path()).hasBinaryContent(file);
      assertThat(server.requests().get(2).header("Range")).isEmpty();
      assertThat(notes).anySatisfy(note -> assertThat(note).contains("another version"));
    }
  }

  @Test
  void partsThatDoNotFitTogetherAreFetchedAgain() throws IOException {
    try (FaultyServer server =
        FaultyServer.answering(
            cut(other, 70_000, "ETag: " + MARK), rest(file, MARK), good(file, MARK))) {
      assertThat(fetch(server, md5(file)).path()).hasBinaryContent(file);
      assertThat(notes).anySatisfy(note -> assertThat(note).contains("do not fit together"));
    }
  }

  @Test
  void aServerWithoutRangesBeginsAgain() throws IOException {
    try (FaultyServer server =
        FaultyServer.answering(cut(file, 70_000, "ETag: " + MARK), whole(file))) {
      assertThat(fetch(server, md5(file)).path()).hasBinaryContent(file);
      assertThat(server.requests().get(1).first()).isEqualTo(70_000);
    }
  }

  @Test
  void withoutAMarkNothingIsGoneOnWith() throws IOException {
    try (FaultyServer server =
        FaultyServer.answering(
            cut(file, 70_000), cut(file, 80_000, "ETag: W/\"weak\""), whole(file))) {
      assertThat(fetch(server, md5(file)).path()).hasBinaryContent(file);
      assertThat(server.requests())
          .allSatisfy(request -> assertThat(request.header("Range")).isEmpty());
    }
  }

  @Test
  void aDateIsAMarkToo() throws IOException {
    String date = "Tue, 01 Sep 2020 10:00:00 GMT";
    try (FaultyServer server =
        FaultyServer.answering(cut(file, 70_000, "Last-Modified: " + date), good(file, date))) {
      assertThat(fetch(server, md5(file)).path()).hasBinaryContent(file);
      assertThat(server.requests().get(1).header("If-Range")).isEqualTo(date);
    }
  }

  @Test
  void aLengthThatIsALieIsFoundOut() throws IOException {
    Answer longer =
        (request, out) -> {
          head(out, 200, "Content-Length: " + 2 * SIZE, "ETag: " + MARK);
          out.write(file);
        };
    try (FaultyServer server = FaultyServer.answering(longer)) {
      refused(() -> fetch(server, md5(file), LONG, 3), "the line was cut");
    }
    Answer shorter =
        (request, out) -> {
          head(out, 200, "Content-Length: 1000");
          out.write(file);
        };
    try (FaultyServer server = FaultyServer.answering(shorter)) {
      refused(() -> fetch(server, md5(file)), "is something else");
    }
    Answer elsewhere =
        (request, out) -> {
          head(
              out,
              206,
              "Content-Length: 10",
              "Content-Range: bytes 10-19/" + SIZE,
              "ETag: " + MARK);
          out.write(file, 10, 10);
        };
    try (FaultyServer server =
        FaultyServer.answering(
            cut(file, 70_000, "ETag: " + MARK), elsewhere, elsewhere, good(file, MARK))) {
      assertThat(fetch(server, md5(file)).path()).hasBinaryContent(file);
      assertThat(notes).anySatisfy(note -> assertThat(note).contains("another part"));
    }
  }

  @Test
  void whatIsTooLargeIsRefused() throws IOException {
    Answer says = (request, out) -> head(out, 200, "Content-Length: 99999999999");
    try (FaultyServer server = FaultyServer.answering(says)) {
      refused(() -> fetch(server, md5(file)), "99,999,999,999 bytes", "at most 1,000,000");
    }
    Answer endless =
        (request, out) -> {
          head(out, 200, "Content-Type: any");
          for (int count = 0; count < 1000; count++) {
            out.write(file);
          }
        };
    try (FaultyServer server = FaultyServer.answering(endless)) {
      refused(() -> fetch(server, md5(file), LONG, 2), "more than the 1,000,000 bytes");
      assertThat(names()).doesNotContain("w.h5.part");
    }
  }

  @Test
  void redirectsAreFollowedWithinTheWeb() throws IOException {
    try (FaultyServer server =
        FaultyServer.answering(
            status(302, "Location: /elsewhere/w.h5"), cut(file, 9, "ETag: " + MARK),
            status(302, "Location: /elsewhere/w.h5"), good(file, MARK))) {
      assertThat(fetch(server, md5(file)).path()).hasBinaryContent(file);
      assertThat(server.requests().get(1).path()).isEqualTo("/elsewhere/w.h5");
      assertThat(server.requests().get(3).first()).isEqualTo(9);
    }
    Files.delete(cache().folder().resolve("w.h5"));
    try (FaultyServer server = FaultyServer.answering(status(301, "Location: /files/w.h5"))) {
      refused(() -> fetch(server, md5(file)), "sends us on more than 3 times");
      assertThat(server.requests()).hasSize(4);
    }
    Path secret = Files.write(folder.resolve("secret"), file);
    for (String place : List.of(secret.toUri().toString(), "jar:file:x!/y", "", "http:///x")) {
      try (FaultyServer server = FaultyServer.answering(status(302, "Location: " + place))) {
        refused(() -> fetch(server, md5(file)), "sends us on to '" + place, "not followed");
      }
    }
    assertThat(cache().folder().resolve("w.h5")).doesNotExist();
  }

  @Test
  void nobodyIsSentFromAWebPageThatIsSafeToOneThatIsNot() {
    URI safe = URI.create("https://a.example/w.h5");
    refused(() -> Download.elsewhere(safe, "http://a.example/w.h5"), "is not followed");
    assertThat(Download.elsewhere(safe, "https://b.example/w.h5")).hasHost("b.example");
    assertThat(Download.elsewhere(URI.create("http://a.example/"), "https://b.example/w.h5"))
        .hasScheme("https");
  }

  @Test
  void whatTheServerAnswersIsSaid() throws IOException {
    try (FaultyServer server = FaultyServer.answering(status(404))) {
      refused(() -> fetch(server, md5(file)), "there is no such file", "404");
      assertThat(server.requests()).hasSize(1);
    }
    try (FaultyServer server = FaultyServer.answering(status(403))) {
      refused(() -> fetch(server, md5(file)), "the server answers 403");
      assertThat(server.requests()).hasSize(1);
    }
    try (FaultyServer server = FaultyServer.answering(status(503), status(429), whole(file))) {
      assertThat(fetch(server, md5(file)).path()).hasBinaryContent(file);
    }
    Files.delete(cache().folder().resolve("w.h5"));
    try (FaultyServer server = FaultyServer.answering(whole(file, "Content-Encoding: gzip"))) {
      refused(() -> fetch(server, md5(file), LONG, 1), "encoded as 'gzip'");
    }
    URI nobody;
    try (FaultyServer server = FaultyServer.answering(status(200))) {
      nobody = server.address("w.h5");
    }
    PublishedFile gone =
        new PublishedFile("w.h5", nobody, OptionalLong.empty(), Optional.of(md5(file)));
    refused(() -> fetch(gone, LONG, 2), nobody.toString(), "2 times", "--mirror");
  }

  @Test
  void aFileWithoutAPublishedSumIsKnownFromItsFirstTimeOn() throws IOException {
    try (FaultyServer server = FaultyServer.answering(good(file, MARK))) {
      PublishedFile unknown =
          new PublishedFile("w.h5", server.address("w.h5"), OptionalLong.empty(), Optional.empty());
      Fetched fetched = fetch(unknown, LONG, 5);
      assertThat(fetched.held()).isEmpty();
      assertThat(fetched.sum()).isEqualTo(sha256(file));
      assertThat(cache().check(unknown).state()).isEqualTo(Cache.State.WHOLE);

      Files.write(cache().place(unknown), other);
      assertThat(cache().check(unknown).state()).isEqualTo(Cache.State.WRONG);
      refused(
          () -> cache().find(unknown), "w.h5: is not what was published", "w.h5.sha256 says so");
      assertThat(fetch(unknown, LONG, 5).fetched()).isTrue();
      assertThat(cache().find(unknown).orElseThrow()).hasBinaryContent(file);
    }
  }

  @Test
  void withoutASumAndWithoutALengthNothingIsBelieved() throws IOException {
    Answer lengthless =
        (request, out) -> {
          head(out, 200, "Content-Type: any");
          out.write(file, 0, 70_000);
        };
    try (FaultyServer server = FaultyServer.answering(lengthless)) {
      PublishedFile unknown =
          new PublishedFile("w.h5", server.address("w.h5"), OptionalLong.empty(), Optional.empty());
      refused(() -> fetch(unknown, LONG, 5), "does not say how long it is", "--sha256");
      assertThat(names()).containsExactly(".w.h5.lock");
    }
  }

  @Test
  void aFileOfOnesOwnIsHeldAgainstItsOwnSum() throws IOException {
    try (FaultyServer server = FaultyServer.answering(good(other, MARK))) {
      PublishedFile published = published(server, md5(file));
      Fetch fetch = new Fetch(cache(), limits(LONG, 5));
      fetch.fetch(published, Optional.empty(), Optional.of(sha256(other)), FetchListener.SILENT);

      assertThat(cache().find(published).orElseThrow()).hasBinaryContent(other);
      assertThat(cache().check(published).state()).isEqualTo(Cache.State.WHOLE);
    }
  }

  @Test
  void aMirrorIsAskedInPlaceOfThePublisher() throws IOException {
    Path mirror = Files.createDirectory(folder.resolve("a mirror"));
    Path deep = Files.createDirectories(mirror.resolve("models/deep"));
    Files.write(deep.resolve("w.h5"), file);
    PublishedFile published =
        PublishedFile.at("https://nobody.invalid/models/deep/w.h5", Optional.of(md5(file)));
    Fetch fetch = new Fetch(cache(), limits(LONG, 2));

    Fetched fetched =
        fetch.fetch(published, from(mirror.toString()), Optional.empty(), FetchListener.SILENT);
    assertThat(fetched.path()).hasBinaryContent(file);

    Files.delete(fetched.path());
    Files.write(mirror.resolve("w.h5"), other);
    refused(
        () ->
            fetch.fetch(
                published, from(mirror.toUri().toString()), Optional.empty(), FetchListener.SILENT),
        "is something else");

    // Who owns the folder says what is in it.
    Files.delete(cache().record(published));
    Files.writeString(mirror.resolve("w.h5.sha256"), sha256(other).hex() + "  w.h5\n");
    fetch.fetch(published, from(mirror.toString()), Optional.empty(), FetchListener.SILENT);
    assertThat(cache().find(published).orElseThrow()).hasBinaryContent(other);

    Files.delete(cache().record(published));
    Files.delete(cache().place(published));
    Answer deeper =
        (request, out) ->
            (request.path().equals("/m/models/deep/w.h5") ? good(file, MARK) : status(404))
                .to(request, out);
    try (FaultyServer server = FaultyServer.answering(deeper)) {
      String address = server.address("m").toString();
      fetch.fetch(published, from(address), Optional.empty(), FetchListener.SILENT);
      assertThat(cache().find(published).orElseThrow()).hasBinaryContent(file);
      assertThat(server.requests().get(0).path()).isEqualTo("/m/w.h5");
    }
    refused(
        () ->
            fetch.fetch(
                PublishedFile.at("https://nobody.invalid/x.h5", Optional.empty()),
                from(mirror.toString()),
                Optional.empty(),
                FetchListener.SILENT),
        "x.h5: there is no such file");
  }

  @Test
  void mirrorsThatAreNoneAreRefused() {
    refused(() -> Mirror.parse(folder.resolve("none").toString()), "there is no such folder");
    refused(() -> Mirror.parse("https://user:word@a.example/"), "without names and questions");
    refused(() -> Mirror.parse("https://a.example/?q"), "without names and questions");
    refused(() -> Mirror.parse("https://a b/"), "is no address");
    refused(() -> Mirror.parse("file:relative"), "is no folder and no address");
  }

  @Test
  void twoDoNotFetchTheSameFileAtOnce() throws IOException {
    try (FaultyServer server = FaultyServer.answering(good(file, MARK))) {
      fetch(server, md5(file));
      try (FileChannel channel =
              FileChannel.open(cache().folder().resolve(".w.h5.lock"), StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        assertThat(held.isValid()).isTrue();
        refused(() -> fetch(server, md5(file)), "somebody else is fetching it");
      }
    }
  }

  private Optional<Mirror> from(String text) {
    return Optional.of(Mirror.parse(text));
  }

  private Cache cache() {
    return new Cache(folder.resolve("cache"));
  }

  private Fetched fetch(FaultyServer server, Checksum checksum) {
    return fetch(server, checksum, LONG, 5);
  }

  private Fetched fetch(FaultyServer server, Checksum checksum, Duration stall, int attempts) {
    return fetch(published(server, checksum), stall, attempts);
  }

  private static PublishedFile published(FaultyServer server, Checksum checksum) {
    return new PublishedFile(
        "w.h5", server.address("files/w.h5"), OptionalLong.empty(), Optional.of(checksum));
  }

  private Fetched fetch(PublishedFile published, Duration stall, int attempts) {
    return new Fetch(cache(), limits(stall, attempts))
        .fetch(
            published,
            Optional.empty(),
            Optional.empty(),
            new FetchListener() {
              @Override
              public void at(long done, long total) {
                progress.add(done);
              }

              @Override
              public void note(String remark) {
                notes.add(remark);
              }
            });
  }

  private static Download.Limits limits(Duration stall, int attempts) {
    return new Download.Limits(LONG, stall, 3, attempts, Duration.ofMillis(1), 1_000_000);
  }

  private static void refused(ThrowingCallable action, String... parts) {
    assertThatThrownBy(action)
        .isInstanceOf(InputException.class)
        .message()
        .contains(parts)
        .doesNotContain("\n");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(cache().folder())) {
      return files.map(path -> String.valueOf(path.getFileName())).toList();
    }
  }

  private Checksum md5(byte[] content) throws IOException {
    return sum(content, Checksum.Algorithm.MD5);
  }

  private Checksum sha256(byte[] content) throws IOException {
    return sum(content, Checksum.Algorithm.SHA256);
  }

  private Checksum start(byte[] content) throws IOException {
    return Checksum.sha256(sha256(content).hex().substring(0, 8));
  }

  private Checksum sum(byte[] content, Checksum.Algorithm algorithm) throws IOException {
    Path summed = Files.write(folder.resolve("summed"), content);
    return Checksum.of(summed, algorithm);
  }

  private static byte[] bytes(int seed) {
    byte[] bytes = new byte[SIZE];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
