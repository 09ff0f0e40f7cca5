package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Interpolation;
import dev.depthwise.network.Shape;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
  @Test
  void aRowIsAPictureAsItIsThenInEachEpoch() {
    MemoryDataset dataset = MemoryDataset.noise(3, 1, 4, 3);
    Picture sheet =
        ContactSheet.of(dataset, Shape.of(3, 4, 4), Augmentation.parse("flip:1"), 2, 0, 2);

    // Each pixel twice, two pixels of white between.
    assertThat(sheet.width()).isEqualTo(3 * (8 + 2) + 2);
    assertThat(sheet.height()).isEqualTo(3 * (8 + 2) + 2);
    assertThat(sheet.sample(1, 5, 0)).isEqualTo(255);
    for (int row = 0; row < 3; row++) {
      Picture large = Resize.resize(dataset.picture(row), 8, 8, Interpolation.NEAREST);
      assertThat(sheet.window(2, 2 + 10 * row, 8, 8, 0)).isEqualTo(large);
      assertThat(sheet.window(12, 2 + 10 * row, 8, 8, 0)).isEqualTo(large.mirrored());
      assertThat(sheet.window(22, 2 + 10 * row, 8, 8, 0)).isEqualTo(large.mirrored());
    }
  }

  @Test
  void aSheetThatIsTooLargeIsRefused() {
    MemoryDataset dataset = MemoryDataset.noise(100, 1, 4, 3);

    assertThatThrownBy(
            () -> ContactSheet.of(dataset, Shape.of(3, 1000, 1000), Augmentation.none(), 10, 0, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("11024 x 100202 pixels");
  }
}
