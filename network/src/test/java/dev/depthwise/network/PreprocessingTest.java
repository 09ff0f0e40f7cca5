package dev.depthwise.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PreprocessingTest {
  @Test
  void saysWhatIsPublished() {
    Preprocessing caffe = Preprocessing.caffe(224, 200);
    assertThat(caffe.input()).isEqualTo(Shape.of(3, 224, 200));
    assertThat(caffe.order()).isEqualTo(ChannelOrder.BGR);
    assertThat(caffe.resizing()).isEqualTo(new Resizing.Stretch());
    assertThat(caffe.interpolation()).isEqualTo(Interpolation.NEAREST);

    Preprocessing torchvision = Preprocessing.torchvision(342, 299);
    assertThat(torchvision.input()).isEqualTo(Shape.of(3, 299, 299));
    assertThat(torchvision.resizing()).isEqualTo(new Resizing.ShorterSideThenCrop(342));
    assertThat(torchvision.interpolation()).isEqualTo(Interpolation.BILINEAR);
    assertThat(torchvision.mean()).isEqualTo(Preprocessing.torch(1, 1).mean());
  }

  @Test
  void refusesWhatCannotBe() {
    List<Double> zero = List.of(0.0);
    List<Double> one = List.of(1.0);
    assertFault(
        () -> Preprocessing.stretched(2, 1, 1, zero, one), "channels must be 1 or 3, was 2");
    assertFault(() -> Preprocessing.stretched(1, 0, 1, zero, one), "must be positive, was 0x1");
    assertFault(() -> Preprocessing.stretched(3, 1, 1, zero, one), "of 3 channels, got 1 and 1");
    assertFault(() -> Preprocessing.stretched(1, 1, 1, zero, zero), "must be positive and finite");
    assertFault(() -> Preprocessing.stretched(1, 1, 1, zero, List.of(1e-60)), "was 1.0E-60");
    assertFault(
        () -> Preprocessing.stretched(1, 1, 1, List.of(Double.NaN), one),
        "must be finite, was NaN");
    assertFault(() -> new Resizing.ShorterSideThenCrop(0), "must become 1 to 65536 pixels, was 0");
    assertFault(
        () ->
            new Preprocessing(
                1,
                1,
                1,
                new Resizing.Stretch(),
                Interpolation.BOX,
                ChannelOrder.BGR,
                255,
                zero,
                one),
        "bgr needs 3 channels, not 1");
  }

  private static void assertFault(Runnable making, String fault) {
    assertThatThrownBy(making::run).isInstanceOf(InputException.class).hasMessageContaining(fault);
  }
}
