package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataTest {
  /** The module's folder is where its tests run. */
  private static final Path SHIPPED = Path.of("..", "data").toAbsolutePath().normalize();

  private static final String BROKEN =
      ": its content is no picture of a known format; expected a whole picture "
          + "(PNG, JPEG, GIF, WebP, TIFF, BMP)";

  @TempDir private Path folder;

  private void picture(String name, int sample) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, PictureWriter.png(TestResources.row(sample)));
  }

  @Test
  void theShippedSampleIsWhatItsReadmeSays() {
    Data data = Data.open("sample:" + SHIPPED.resolve("fashion-mnist-sample"));

    Dataset test = data.test().orElseThrow();
    assertThat(data.train().size()).isEqualTo(4000);
    assertThat(test.size()).isEqualTo(1000);
    assertThat(data.train().labels()).isEqualTo(FashionMnist.LABELS);
    assertThat(countOfEachClass(data.train())).containsOnly(400);
    assertThat(countOfEachClass(test)).containsOnly(100);
    assertThat(test.picture(0).toString()).isEqualTo("Picture[1x28x28]");
    // Close to 0.2860 and 0.3530, the values of all 60,000.
    Statistics statistics = Statistics.of(data.train(), 1);
    assertThat(statistics.mean().get(0)).isCloseTo(0.286, within(0.004));
    assertThat(statistics.deviation().get(0)).isCloseTo(0.353, within(0.004));
  }

  @Test
  void theShippedPicturesAreTheFirstOfTheirClass() {
    Data data = Data.open("sample:" + SHIPPED.resolve("fashion-mnist-sample"));
    Dataset first = SampleCutter.firstOfEachClass(data.test().orElseThrow(), 1);

    assertThat(first.size()).isEqualTo(10);
    for (int index = 0; index < first.size(); index++) {
      String name = SampleCutter.fileName(first.labels().get(first.label(index)));
      assertThat(PictureReader.read(SHIPPED.resolve("pictures").resolve(name)))
          .isEqualTo(first.picture(index));
    }
  }

  @Test
  void theSampleIsFoundInTheProgramsFolder() {
    String before = System.getProperty(Data.HOME_PROPERTY);
    try {
      System.setProperty(Data.HOME_PROPERTY, SHIPPED.resolveSibling(".").toString());
      assertThat(Data.open("sample").train().size()).isEqualTo(4000);

      System.clearProperty(Data.HOME_PROPERTY);
      assertThatThrownBy(() -> Data.open("sample"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("depthwise.home");
    } finally {
      if (before == null) {
        System.clearProperty(Data.HOME_PROPERTY);
      } else {
        System.setProperty(Data.HOME_PROPERTY, before);
      }
    }
  }

  @Test
  void whereFashionMnistIsAbsentItSaysHowToGetIt() {
    assertThatThrownBy(() -> Data.open("fashion-mnist:" + folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("apt-get install dataset-fashion-mnist")
        .hasMessageContaining("https://github.com/zalandoresearch/fashion-mnist")
        .hasMessageContaining("fashion-mnist:FOLDER");
  }

  @Test
  void idxWithoutTestFilesHasNoTestPart() throws IOException {
    Files.write(folder.resolve("train-images-idx3-ubyte"), IdxFiles.pictures(2, 1, 1, 7, 8));
    Files.write(folder.resolve("train-labels-idx1-ubyte"), IdxFiles.labels(0, 1));
    assertThat(Data.open("idx:" + folder).test()).isEmpty();

    Files.write(folder.resolve("t10k-images-idx3-ubyte"), IdxFiles.pictures(1, 1, 1, 9));
    Files.write(folder.resolve("t10k-labels-idx1-ubyte"), IdxFiles.labels(0));
    assertThat(Data.open("idx:" + folder).test().orElseThrow().labels()).containsExactly("0", "1");

    Files.write(folder.resolve("t10k-labels-idx1-ubyte"), IdxFiles.labels(2));
    assertThatThrownBy(() -> Data.open("idx:" + folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("label 2 is out of range");
  }

  @Test
  void aFolderOfClassesHasNoTestPart() throws IOException {
    picture("cat/a.png", 1);
    picture("dog/b.png", 2);

    Data data = Data.open("folder:" + folder);
    assertThat(data.train().size()).isEqualTo(2);
    assertThat(data.test()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"test", "val"})
  void aFolderOfPartsHasBoth(String part) throws IOException {
    picture("train/cat/a.png", 1);
    picture("train/dog/b.png", 2);
    picture(part + "/cat/c.png", 3);
    picture(part + "/dog/d.png", 4);

    Data data = Data.open("folder:" + folder);
    assertThat(data.train().picture(1)).isEqualTo(TestResources.row(2));
    assertThat(data.test().orElseThrow().picture(1)).isEqualTo(TestResources.row(4));
  }

  @Test
  void partsMustHaveTheSameClasses() throws IOException {
    picture("train/cat/a.png", 1);
    picture("train/dog/b.png", 2);
    picture("test/cat/c.png", 3);
    picture("test/horse/d.png", 4);

    assertThatThrownBy(() -> Data.open("folder:" + folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("[cat, dog]")
        .hasMessageContaining("[cat, horse]");
  }

  @Test
  void checkingLeavesBrokenPicturesOutOfBothParts() throws IOException {
    for (String part : new String[] {"train", "test"}) {
      picture(part + "/cat/a.png", 1);
      picture(part + "/dog/b.png", 2);
      Files.write(folder.resolve(part + "/dog/broken.png"), new byte[9]);
    }

    Data data = Data.open("folder:" + folder).checked(true, 2, Progress.NONE);
    assertThat(data.train().size()).isEqualTo(2);
    assertThat(data.test().orElseThrow().size()).isEqualTo(2);
    assertThat(data.leftOut())
        .containsExactly(
            folder.resolve("train/dog/broken.png") + BROKEN,
            folder.resolve("test/dog/broken.png") + BROKEN);
    assertThatThrownBy(() -> Data.open("folder:" + folder).checked(false, 2, Progress.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("broken.png" + BROKEN)
        .hasMessageContaining("1 of 3 pictures")
        .hasMessageContaining("--skip-corrupt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mnist", "idx", "idx:", "folder:", "sample:", "Folder:x", ":"})
  void otherTextsAreRefusedWithTheFormsThatAreUnderstood(String spec) {
    assertThatThrownBy(() -> Data.open(spec))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("expected fashion-mnist[:FOLDER], idx:FOLDER");
  }

  private static int[] countOfEachClass(Dataset dataset) {
    int[] counts = new int[dataset.labels().size()];
    for (int index = 0; index < dataset.size(); index++) {
      counts[dataset.label(index)]++;
    }
    return counts;
  }
}
