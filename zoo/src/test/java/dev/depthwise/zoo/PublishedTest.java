package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.ChannelOrder;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pictures become before the published weights see them. */
class PublishedTest {
  private static final Options DEFAULTS = Options.defaults();

  @ParameterizedTest
  @ValueSource(strings = {"vgg16", "vgg19", "resnet50", "resnet152"})
  void kerasFirstNetworksTakeCaffesPictures(String id) {
    assertThat(preprocessing(id, Style.KERAS)).isEqualTo(Preprocessing.caffe(224, 224));
  }

  @ParameterizedTest
  @CsvSource({
    "resnet50v2, 224",
    "inception_v3, 299",
    "inception_resnet_v2, 299",
    "xception, 299",
    "mobilenet, 224",
    "mobilenet_v2, 224"
  })
  void kerasLaterNetworksTakePicturesFromMinusOneToOne(String id, int extent) {
    assertThat(preprocessing(id, Style.KERAS)).isEqualTo(Preprocessing.tf(extent, extent));
  }

  @ParameterizedTest
  @ValueSource(strings = {"densenet121", "convnext_tiny"})
  void kerasTakesPytorchsPicturesForSome(String id) {
    assertThat(preprocessing(id, Style.KERAS)).isEqualTo(Preprocessing.torch(224, 224));
  }

  /** What the network does behind it, with the published mean and "variance", is PyTorch's. */
  @Test
  void kerasEfficientNetsDivideByTwoRoots() {
    Preprocessing before = preprocessing("efficientnet_b0", Style.KERAS);
    Preprocessing pytorch = Preprocessing.torch(224, 224);

    assertThat(before.divisor()).isEqualTo(1);
    for (int channel = 0; channel < 3; channel++) {
      double deviation = pytorch.deviation().get(channel);
      double mean = pytorch.mean().get(channel);
      for (double sample : new double[] {0, 93, 255}) {
        double prepared = (sample - before.mean().get(channel)) / before.deviation().get(channel);
        assertThat((prepared / 255 - mean) / Math.sqrt(deviation))
            .isCloseTo((sample / 255 - mean) / deviation, within(1e-12));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"alexnet", "vgg16_bn", "resnet18", "densenet121", "mobilenet_v2"})
  void torchvisionsTakeTheMiddle(String id) {
    assertThat(preprocessing(id, Style.TORCHVISION)).isEqualTo(Preprocessing.torchvision(256, 224));
  }

  /** Their published weights come with {@code transform_input=True}. */
  @Test
  void torchvisionsInceptionUndoesTheNormalisation() {
    Preprocessing inception = preprocessing("inception_v3", Style.TORCHVISION);

    assertThat(inception.mean()).isEqualTo(List.of(0.5, 0.5, 0.5));
    assertThat(inception.deviation()).isEqualTo(List.of(0.5, 0.5, 0.5));
    assertThat(inception.resizing()).isEqualTo(Preprocessing.torchvision(342, 299).resizing());
  }

  @Test
  void caffesInceptionTakesBlueFirst() {
    Preprocessing inception = preprocessing("bn_inception", Style.TORCH);

    assertThat(inception.order()).isEqualTo(ChannelOrder.BGR);
    assertThat(inception.divisor()).isEqualTo(1);
    assertThat(inception.mean()).isEqualTo(List.of(104.0, 117.0, 128.0));
  }

  @Test
  void anotherExtentKeepsThePartOfThePicture() {
    Options large = DEFAULTS.withInput(Shape.of(3, 448, 448));

    assertThat(Zoo.find("resnet18").preprocessing(large))
        .contains(Preprocessing.torchvision(512, 448));
  }

  @Test
  void thereIsNoneForGreyPicturesAndForSmallNetworks() {
    assertThat(Zoo.find("resnet18").preprocessing(DEFAULTS.withInput(Shape.of(1, 224, 224))))
        .isEmpty();
    assertThat(Zoo.find("resnet20").preprocessing(DEFAULTS)).isEmpty();
  }

  private static Preprocessing preprocessing(String id, Style style) {
    return Zoo.find(id).preprocessing(DEFAULTS.withStyle(style)).orElseThrow();
  }
}
