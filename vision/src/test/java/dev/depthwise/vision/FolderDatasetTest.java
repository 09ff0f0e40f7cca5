package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderDatasetTest {
  @TempDir private Path folder;

  private void picture(String name, int... samples) throws IOException {
    write(name, PictureWriter.png(TestResources.row(samples)));
  }

  private FolderDataset open() {
    return FolderDataset.open(folder, Progress.NONE);
  }

  private void write(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  @Test
  void listsClassesAndPicturesByName() throws IOException {
    picture("dog/b.png", 3);
    picture("dog/a.PNG", 2);
    picture("cat/z.png", 1);
    Files.copy(TestResources.file("pictures/gray.jpg"), folder.resolve("cat/zz.JPeG"));
    Files.copy(TestResources.file("pictures/lossless.webp"), folder.resolve("cat/zzz.webp"));
    write("cat/notes.txt", new byte[1]);
    write("cat/.hidden.png", new byte[1]);
    write(".git/x.png", new byte[1]);
    write("dog/deeper/x.png", new byte[1]);
    write("readme.png", new byte[1]);

    FolderDataset dataset = open();

    assertThat(dataset.labels()).containsExactly("cat", "dog");
    assertThat(dataset.size()).isEqualTo(5);
    assertThat(dataset.label(2)).isZero();
    assertThat(dataset.label(3)).isEqualTo(1);
    assertThat(dataset.picture(0)).isEqualTo(TestResources.row(1));
    assertThat(dataset.picture(1).channels()).isEqualTo(1);
    assertThat(dataset.picture(2).channels()).isEqualTo(3);
    assertThat(dataset.picture(3)).isEqualTo(TestResources.row(2));
    assertThat(dataset.picture(4)).isEqualTo(TestResources.row(3));
    assertThat(dataset.file(4)).isEqualTo(folder.resolve("dog/b.png"));
  }

  @Test
  void aBrokenPictureIsAnErrorWhereItIsRead() throws IOException {
    picture("cat/a.png", 1);
    write("cat/b.png", new byte[] {1, 2, 3});
    picture("dog/c.png", 3);
    FolderDataset all = open();

    assertThatThrownBy(() -> all.picture(1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("b.png");
  }

  @Test
  void refusesWhatIsNoDataSet() throws IOException {
    assertThatThrownBy(() -> FolderDataset.open(folder.resolve("absent"), Progress.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("absent is no folder");
    assertThatThrownBy(() -> open())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds no sub-folder; expected one sub-folder");
    picture("cat/a.png", 1);
    assertThatThrownBy(() -> open())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds one class only, 'cat'; expected");
    Files.createDirectories(folder.resolve("dog"));
    assertThatThrownBy(() -> open())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("dog holds no picture");
  }
}
