package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.PictureWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code depthwise data check} on small folders with what goes wrong in large ones. */
final class DataCheckTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private Path write(String name, int width, int seed) throws IOException {
    byte[] samples = new byte[width * 4];
    for (int at = 0; at < samples.length; at++) {
      samples[at] = (byte) (seed * 37 + at);
    }
    return write(name, PictureWriter.png(Picture.of(width, 4, 1, samples)));
  }

  private Path write(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  private void twoClasses(String part) throws IOException {
    int seed = part.hashCode();
    write(part + "/cat/a.png", 4, seed + 1);
    write(part + "/cat/b.png", 8, seed + 2);
    write(part + "/dog/c.png", 6, seed + 3);
  }

  @Test
  void aSoundFolderIsWell() throws IOException {
    twoClasses("train");
    twoClasses("test");
    Outcome outcome = Outcome.of("data", "check", folder).succeeds();
    assertThat(outcome.out())
        .containsPattern("train +3 +0 +0 +4x4 +8x4 +2 of 1 to 2")
        .contains("test ", "all is well")
        .doesNotContain("corrupt:", "the same:");
    assertThat(Outcome.of("data", "check", "folder:" + folder).out()).isEqualTo(outcome.out());
  }

  @Test
  void everyCorruptFileIsListedWithItsFault() throws IOException {
    twoClasses(".");
    Path empty = write("cat/0.png", new byte[0]);
    Path other = write("dog/z.jpg", new byte[] {1, 2, 3});
    Outcome outcome = Outcome.of("data", "check", folder);
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out())
        .contains(
            "corrupt: " + empty + ": the file is empty",
            "corrupt: " + other + ": its content is no picture of a known format",
            "something is wrong");

    JsonNode json = JSON.readTree(Outcome.of("data", "check", folder, "--json").out());
    assertThat(json.at("/wrong").asBoolean()).isTrue();
    JsonNode part = json.at("/parts/0");
    assertThat(part.at("/pictures").asInt()).isEqualTo(5);
    assertThat(part.at("/classes/cat").asInt()).isEqualTo(3);
    assertThat(part.at("/corrupt")).hasSize(2);
    assertThat(part.at("/corrupt/1/picture").asText()).isEqualTo(other.toString());
    assertThat(part.at("/largest/0").asInt()).isEqualTo(8);
  }

  @Test
  void aFolderOfCorruptFilesAloneIsNoCrash() throws IOException {
    write("cat/a.png", new byte[1]);
    write("dog/b.png", new byte[1]);
    Outcome outcome = Outcome.of("data", "check", folder);
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).contains("a.png", "b.png");
  }

  @Test
  void repeatedPicturesAreARemark() throws IOException {
    twoClasses(".");
    Path again = write("dog/again.png", 4, ".".hashCode() + 1);
    Outcome outcome = Outcome.of("data", "check", folder).succeeds();
    assertThat(outcome.out())
        .contains("the same: %s = %s".formatted(folder.resolve("cat/a.png"), again));
  }

  @Test
  void aPictureInTwoPartsIsWrong() throws IOException {
    twoClasses("train");
    twoClasses("test");
    Path leaked = write("test/dog/leaked.png", 8, "train".hashCode() + 2);
    Outcome outcome = Outcome.of("data", "check", folder);
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out())
        .contains("in train and in test: " + folder.resolve("train/cat/b.png") + " = " + leaked);
  }

  @Test
  void soIsOneThatOtherDataHasToo() throws IOException {
    twoClasses("ours");
    twoClasses("theirs");
    Path ours = folder.resolve("ours");
    Path theirs = folder.resolve("theirs");
    Outcome.of("data", "check", ours, "--against", theirs).succeeds();

    Path leaked = write("theirs/dog/leaked.png", 8, "ours".hashCode() + 2);
    Outcome outcome = Outcome.of("data", "check", ours, "--against", theirs, "--json");
    assertThat(outcome.code()).isEqualTo(1);
    JsonNode pictures = JSON.readTree(outcome.out()).at("/shared/0/pictures");
    assertThat(pictures).hasSize(1);
    assertThat(pictures.at("/0/1").asText()).isEqualTo(leaked.toString());
  }

  @Test
  void refusesWhatIsNoData() {
    Outcome.of("data", "check", folder.resolve("absent")).refuses("unknown data", "folder:FOLDER");
    Outcome.of("data", "check", folder).refuses("holds no sub-folder");
    Outcome.of("data", "chekc", folder).refuses("there is no command 'chekc'", "check");
  }
}
