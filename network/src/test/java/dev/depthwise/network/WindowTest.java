package dev.depthwise.network;

import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {
  /** PyTorch: floor((n + 2 * ((k - 1) * d / 2) - d * (k - 1) - 1) / s) + 1. */
  @ParameterizedTest
  @CsvSource({
    "224, 7, 2, 1, 112",
    "223, 7, 2, 1, 112",
    "112, 3, 2, 1, 56",
    "7, 3, 2, 1, 4",
    "8, 3, 2, 1, 4",
    "1, 7, 2, 1, 1",
    "9, 1, 2, 1, 5",
    "9, 3, 1, 2, 9",
    "10, 3, 2, 2, 5",
    "10, 2, 1, 1, 9",
    "10, 2, 2, 1, 5",
    "11, 4, 3, 1, 4"
  })
  void half(int extent, int kernel, int stride, int dilation, int output) {
    Window window = k(kernel).stride(stride).dilation(dilation);

    assertThat(rows(window, extent)).isEqualTo(output);
  }

  /** TensorFlow: ceil(n / s) rows; the padding that takes, the odd row at the bottom. */
  @ParameterizedTest
  @CsvSource({
    "224, 3, 2, 1, 112, 0, 1",
    "225, 3, 2, 1, 113, 1, 1",
    "224, 7, 2, 1, 112, 2, 3",
    "8, 2, 1, 1, 8, 0, 1",
    "8, 2, 2, 1, 4, 0, 0",
    "9, 1, 2, 1, 5, 0, 0",
    "7, 3, 1, 2, 7, 2, 2",
    "10, 3, 2, 2, 5, 1, 2",
    "10, 3, 4, 1, 3, 0, 1",
    "9, 2, 5, 1, 2, 0, 0",
    "1, 5, 2, 1, 1, 2, 2"
  })
  void same(int extent, int kernel, int stride, int dilation, int output, int top, int bottom) {
    Window window =
        k(kernel).stride(stride).dilation(dilation).same().over(Shape.of(4, extent, extent));

    assertThat(rows(window, extent)).isEqualTo(output);
    assertThat(window.padding()).isEqualTo(new Padding.Explicit(top, top, bottom, bottom));
  }

  /** TensorFlow: ceil((n - d * (k - 1)) / s). */
  @ParameterizedTest
  @CsvSource({
    "224, 7, 2, 1, 109",
    "5, 5, 1, 1, 1",
    "9, 3, 2, 2, 3",
    "10, 3, 2, 2, 3",
    "8, 3, 3, 1, 2"
  })
  void valid(int extent, int kernel, int stride, int dilation, int output) {
    assertThat(rows(k(kernel).stride(stride).dilation(dilation).valid(), extent)).isEqualTo(output);
  }

  /**
   * PyTorch: {@code ceil((n + 2p - d * (k - 1) - 1) / s) + 1}, less one if the last window would
   * begin behind the padding after the picture. The last column is what stands below in all.
   */
  @ParameterizedTest
  @CsvSource({
    "112, 3, 2, 0, 1, 56, 1",
    "56, 3, 2, 0, 1, 28, 1",
    "55, 3, 2, 0, 1, 27, 0",
    "28, 3, 2, 0, 1, 14, 1",
    "7, 2, 2, 0, 1, 4, 1",
    "8, 2, 2, 0, 1, 4, 0",
    "109, 3, 2, 0, 1, 54, 0",
    "6, 3, 2, 1, 1, 4, 2",
    "7, 3, 2, 1, 1, 4, 1",
    "2, 3, 2, 0, 1, 1, 1",
    "4, 1, 2, 0, 1, 2, 0",
    "3, 2, 2, 1, 1, 2, 1",
    "5, 2, 3, 1, 1, 2, 1",
    "4, 2, 5, 1, 1, 1, 1",
    "9, 2, 2, 0, 3, 4, 1",
    "1, 3, 3, 1, 1, 1, 1"
  })
  void ceil(int extent, int kernel, int stride, int pad, int dilation, int output, int bottom) {
    Window window =
        k(kernel)
            .stride(stride)
            .dilation(dilation)
            .pad(pad)
            .ceil()
            .over(Shape.of(4, extent, extent));

    assertThat(rows(window, extent)).isEqualTo(output);
    assertThat(window.padding()).isEqualTo(new Padding.Explicit(pad, pad, bottom, bottom));
  }

  @Test
  void ceilModeOutlastsAnotherPadding() {
    Shape picture = Shape.of(1, 8, 8);

    assertThat(k(3).stride(2).ceil().pad(0).over(picture))
        .isEqualTo(k(3).stride(2).pad(0).ceil().over(picture))
        .isEqualTo(k(3).stride(2).pad(new Padding.Explicit(0, 0, 1, 1)));
    assertThat(k(3).ceil().ceil()).isEqualTo(k(3).ceil());
    assertThat(k(3).stride(2).same().ceil().over(picture))
        .isEqualTo(k(3).stride(2).same().over(picture));
    assertThat(k(3).ceil().isSettled()).isFalse();
  }

  @Test
  void aPictureTooSmallEvenForCeilMode() {
    Shape picture = Shape.of(1, 1, 9);
    assertThatThrownBy(() -> k(5).stride(2).valid().ceil().over(picture).outputShape(picture, 1))
        .hasMessage("a window of 5x5 does not fit into a picture of 1x1x9");
  }

  @Test
  void heightAndWidthAreSettledApart() {
    Window window = k(1, 7).same().over(Shape.of(3, 17, 16));

    assertThat(window.padding()).isEqualTo(new Padding.Explicit(0, 3, 0, 3));
    assertThat(window.outputShape(Shape.of(3, 17, 16), 8)).isEqualTo(Shape.of(8, 17, 16));
    assertThat(k(3).stride(2).same().over(Shape.of(3, 17, 16)).padding())
        .isEqualTo(new Padding.Explicit(1, 0, 1, 1));
  }

  @Test
  void explicitPaddingMayDifferOnEachSide() {
    Window window = k(3).stride(2).pad(new Padding.Explicit(0, 1, 1, 2)).over(Shape.of(3, 8, 8));

    assertThat(window.outputShape(Shape.of(3, 8, 8), 5)).isEqualTo(Shape.of(5, 4, 5));
  }

  @Test
  void gapsWidenTheReach() {
    assertThat(k(3).dilation(4).reachHeight()).isEqualTo(9);
    assertThat(k(1, 5).dilation(2).reachWidth()).isEqualTo(9);
  }

  @Test
  void aWindowLargerThanThePicture() {
    assertThatThrownBy(() -> k(5).valid().outputShape(Shape.of(3, 4, 9), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a window of 5x5 does not fit into a picture of 3x4x9");
  }

  @Test
  void anOperationWantsItsPaddingSettled() {
    assertThatThrownBy(() -> new Conv2d(8, k(3).same(), 1, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("settled");
    assertThatThrownBy(() -> k(3).same().top()).isInstanceOf(IllegalStateException.class);
    assertThat(k(3).isSettled()).isFalse();
    assertThat(k(3).pad(1).isSettled()).isTrue();
  }

  @Test
  void whatNoWindowCanBe() {
    assertThatThrownBy(() -> k(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> k(3).stride(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> k(3).dilation(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> k(3).pad(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void extentsThatWouldOverflow() {
    assertThatThrownBy(() -> k(1 << 20)).hasMessageContaining("at most 16384");
    assertThatThrownBy(() -> k(3).dilation(1 << 30)).hasMessageContaining("at most 16384");
    assertThatThrownBy(() -> k(3).stride(1 << 30)).hasMessageContaining("at most 16384");
    assertThatThrownBy(() -> k(3).pad(Integer.MAX_VALUE)).hasMessageContaining("at most 1048576");
    assertThatThrownBy(() -> k(1).pad(9).outputShape(Shape.of(1, 1, Integer.MAX_VALUE), 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(rows(k(3).stride(1 << 14), 9)).isEqualTo(1);
  }

  private static int rows(Window window, int extent) {
    Shape picture = Shape.of(4, extent, extent);
    Shape output = window.over(picture).outputShape(picture, 4);
    assertThat(output.width()).isEqualTo(output.height());
    return output.height();
  }
}
