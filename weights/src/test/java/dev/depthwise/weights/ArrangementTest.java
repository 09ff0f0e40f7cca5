package dev.depthwise.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ArrangementTest {
  @Test
  void aDenseKernelIsTransposed() {
    Shape shape = Shape.of(2, 3);
    Tensor kernel = Tensor.of(shape, 1, 2, 3, 4, 5, 6);

    Tensor file = Arrangement.dense(shape).toFile(kernel);

    assertThat(file).isEqualTo(Tensor.of(Shape.of(3, 2), 1, 4, 2, 5, 3, 6));
  }

  /** Element (o, i, y, x) here is element (y, x, i, o) there. */
  @Test
  void aConvolutionsKernelHasItsOutputsInnermost() {
    Shape shape = Shape.of(4, 3, 2, 5);
    Tensor kernel = counted(shape);

    Tensor file = Arrangement.convolution(shape).toFile(kernel);

    assertThat(file.shape()).isEqualTo(Shape.of(2, 5, 3, 4));
    for (int o = 0; o < 4; o++) {
      for (int i = 0; i < 3; i++) {
        for (int y = 0; y < 2; y++) {
          for (int x = 0; x < 5; x++) {
            assertThat(file.values().get(((y * 5 + x) * 3 + i) * 4 + o))
                .isEqualTo(kernel.values().get(((o * 3 + i) * 2 + y) * 5 + x));
          }
        }
      }
    }
  }

  /** Output channel * multiplier + m is (channel, m) there. */
  @Test
  void aDepthwiseKernelHasItsChannelsAndThenItsMultiplier() {
    Shape shape = Shape.of(6, 1, 2, 2);
    Tensor kernel = counted(shape);

    Tensor file = Arrangement.depthwise(shape, 3).toFile(kernel);

    assertThat(file.shape()).isEqualTo(Shape.of(2, 2, 3, 2));
    for (int channel = 0; channel < 3; channel++) {
      for (int m = 0; m < 2; m++) {
        for (int place = 0; place < 4; place++) {
          assertThat(file.values().get((place * 3 + channel) * 2 + m))
              .isEqualTo(kernel.values().get((channel * 2 + m) * 4 + place));
        }
      }
    }
  }

  static Stream<Arguments> all() {
    return Stream.of(
        Arguments.of(Shape.of(4, 3), Arrangement.dense(Shape.of(4, 3))),
        Arguments.of(Shape.of(4, 3, 2, 5), Arrangement.convolution(Shape.of(4, 3, 2, 5))),
        Arguments.of(Shape.of(6, 1, 2, 3), Arrangement.depthwise(Shape.of(6, 1, 2, 3), 3)),
        Arguments.of(Shape.of(7, 1, 1), Arrangement.as(7)),
        Arguments.of(Shape.of(7), Arrangement.asHere(Shape.of(7))));
  }

  @ParameterizedTest
  @MethodSource("all")
  void thereAndBack(Shape shape, Arrangement arrangement) {
    Tensor tensor = counted(shape);

    Tensor file = arrangement.toFile(tensor);

    assertThat(arrangement.fromFile(stored(file, file.shape().size()), shape)).isEqualTo(tensor);
    assertThat(arrangement.fromFile(stored(file, 5), shape)).as("in parts").isEqualTo(tensor);
  }

  @Test
  void dimensionsOfOneMayBeThereOrNot() {
    Arrangement pointwise = Arrangement.convolution(Shape.of(4, 3, 1, 1));

    assertThat(pointwise.fits(List.of(1L, 1L, 3L, 4L))).isTrue();
    assertThat(pointwise.fits(List.of(3L, 4L))).isTrue();
    assertThat(pointwise.fits(List.of(4L, 3L))).isFalse();
    assertThat(pointwise.fits(List.of(12L))).isFalse();
  }

  /** A tensor that is read a few elements at a time. */
  private static StoredTensor stored(Tensor tensor, int atOnce) {
    FloatBuffer values = tensor.values();
    List<Long> dimensions = tensor.shape().dimensions().stream().map(Integer::longValue).toList();
    return new StoredTensor(
        Path.of("file"),
        "name",
        DataType.F32,
        dimensions,
        (Elements)
            parts -> {
              for (int at = 0; at < values.limit(); at += atOnce) {
                ByteBuffer part = ByteBuffer.allocate(atOnce * Float.BYTES);
                for (int index = at; index < Math.min(at + atOnce, values.limit()); index++) {
                  part.putFloat(values.get(index));
                }
                parts.accept(part.flip());
              }
            });
  }

  private static Tensor counted(Shape shape) {
    float[] values = new float[shape.size()];
    for (int index = 0; index < values.length; index++) {
      values[index] = index;
    }
    return Tensor.of(shape, values);
  }
}
