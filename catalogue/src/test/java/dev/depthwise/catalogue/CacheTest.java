package dev.depthwise.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.catalogue.Cache.State;
import dev.depthwise.network.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CacheTest {
  /** Of the text "abc", from RFC 1321 and FIPS 180-2. */
  private static final String MD5 = "900150983cd24fb0d6963f7d28e17f72";

  private static final String SHA256 =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private static final Path HOME = Path.of("/home/a");

  @TempDir Path folder;

  @Test
  void eachSystemHasItsFolder() {
    assertThat(folder(Map.of(), "Linux")).isEqualTo(HOME.resolve(".cache/depthwise/weights"));
    assertThat(folder(Map.of("XDG_CACHE_HOME", "/caches"), "Linux"))
        .isEqualTo(Path.of("/caches/depthwise/weights"));
    assertThat(folder(Map.of("XDG_CACHE_HOME", "relative"), "Linux"))
        .isEqualTo(HOME.resolve(".cache/depthwise/weights"));
    assertThat(folder(Map.of("XDG_CACHE_HOME", "/caches"), "Mac OS X"))
        .isEqualTo(HOME.resolve("Library/Caches/depthwise/weights"));
    assertThat(folder(Map.of("LOCALAPPDATA", "/local"), "Windows 11"))
        .isEqualTo(Path.of("/local/depthwise/weights"));
    assertThat(folder(Map.of(), "Windows 11"))
        .isEqualTo(HOME.resolve("AppData/Local/depthwise/weights"));
    for (String system : new String[] {"Linux", "Mac OS X", "Windows 11"}) {
      assertThat(folder(Map.of(Cache.HOME_VARIABLE, "/mine"), system))
          .isEqualTo(Path.of("/mine/weights"));
      assertThat(folder(Map.of(Cache.HOME_VARIABLE, " "), system)).startsWithRaw(HOME);
    }
  }

  @Test
  void aFileIsHeldAgainstWhatIsPublished() throws IOException {
    Cache cache = new Cache(folder);
    PublishedFile file = file(Optional.of(Checksum.md5(MD5)));
    PublishedFile torch = file(Optional.of(Checksum.sha256(SHA256.substring(0, 8))));
    assertThat(cache.check(file).state()).isEqualTo(State.MISSING);
    assertThat(cache.find(file)).isEmpty();

    Files.writeString(cache.place(file), "abc");
    assertThat(cache.check(file).state()).isEqualTo(State.WHOLE);
    assertThat(cache.check(torch).state()).isEqualTo(State.WHOLE);
    assertThat(cache.find(file)).contains(folder.resolve("w.h5"));
    assertThat(cache.record(file)).doesNotExist();

    Files.writeString(cache.place(file), "abd");
    assertThat(cache.check(torch).state()).isEqualTo(State.WRONG);
    refused(
        () -> cache.find(file), "it should be md5 " + MD5 + ", but is md5 ", "delete it and fetch");
  }

  @Test
  void aFileThatNobodySummedIsSummedWhenItIsFirstUsed() throws IOException {
    Cache cache = new Cache(folder);
    PublishedFile file = file(Optional.empty());
    Files.writeString(cache.place(file), "abc");
    assertThat(cache.check(file).state()).isEqualTo(State.UNKNOWN);
    assertThat(cache.record(file)).doesNotExist();

    assertThat(cache.find(file)).isPresent();
    assertThat(cache.record(file)).hasContent(SHA256 + "  w.h5\n");
    assertThat(cache.check(file).state()).isEqualTo(State.WHOLE);
    Files.writeString(cache.place(file), "abd");
    refused(() -> cache.find(file), "w.h5.sha256 says so");
  }

  @Test
  void whatStandsBesideAFileCountsFirst() throws IOException {
    Cache cache = new Cache(folder);
    PublishedFile file = file(Optional.of(Checksum.md5("00000000000000000000000000000000")));
    Files.writeString(cache.place(file), "abc");
    assertThat(cache.check(file).state()).isEqualTo(State.WRONG);

    Files.writeString(cache.record(file), SHA256.toUpperCase(Locale.ROOT) + " *w.h5\r\n");
    assertThat(cache.check(file).state()).isEqualTo(State.WHOLE);

    for (String text : new String[] {"", MD5, SHA256 + "0", "x".repeat(5000)}) {
      Files.writeString(cache.record(file), text);
      refused(() -> cache.check(file), "w.h5.sha256: ", "64 hexadecimal digits");
    }
  }

  @Test
  void aSumIsWhatAPersonMayType() {
    assertThat(Checksum.parse(" " + SHA256.toUpperCase(Locale.ROOT)).hex()).isEqualTo(SHA256);
    refused(() -> Checksum.parse(MD5), "is no SHA-256");
    assertThatThrownBy(() -> Checksum.sha256("123")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PublishedFile.at("https://a.example/..", Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static PublishedFile file(Optional<Checksum> checksum) {
    return PublishedFile.at("https://a.example/w.h5", checksum);
  }

  private static Path folder(Map<String, String> environment, String system) {
    return Cache.folder(name -> Optional.ofNullable(environment.get(name)), system, HOME);
  }

  private static void refused(ThrowingCallable action, String... parts) {
    assertThatThrownBy(action).isInstanceOf(InputException.class).message().contains(parts);
  }
}
