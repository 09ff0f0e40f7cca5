package dev.depthwise.network;

import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Shapes that operations make, and what they refuse. */
class OpTest {
  private static final Shape PICTURE = Shape.of(6, 7, 5);

  private static Shape shape(Op op, Shape... inputs) {
    return op.infer(List.of(inputs));
  }

  private static void refused(String fault, Op op, Shape... inputs) {
    assertThatThrownBy(() -> op.infer(List.of(inputs)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(fault);
  }

  private static Window settled(Window window) {
    return window.over(PICTURE);
  }

  @Test
  void shapes() {
    assertThat(shape(new Conv2d(4, settled(k(3).stride(2)), 2, false), PICTURE))
        .isEqualTo(Shape.of(4, 4, 3));
    assertThat(shape(new MaxPool(settled(k(2).stride(2))), PICTURE)).isEqualTo(Shape.of(6, 3, 2));
    assertThat(shape(new AveragePool(settled(k(3)), true), PICTURE)).isEqualTo(PICTURE);
    assertThat(shape(new Subsample(2), PICTURE)).isEqualTo(Shape.of(6, 4, 3));
    assertThat(shape(new PadChannels(10), PICTURE)).isEqualTo(Shape.of(16, 7, 5));
    assertThat(shape(new Concat(), PICTURE, Shape.of(1, 7, 5))).isEqualTo(Shape.of(7, 7, 5));
    assertThat(shape(new Flatten(Flatten.Order.CHW), PICTURE)).isEqualTo(Shape.of(210));
    assertThat(shape(new Flatten(Flatten.Order.HWC), PICTURE)).isEqualTo(Shape.of(210));
    assertThat(shape(new Crop(1, 2, 3, 0), PICTURE)).isEqualTo(Shape.of(6, 3, 3));
    assertThat(shape(new ZeroPad(1, 2, 3, 4), PICTURE)).isEqualTo(Shape.of(6, 11, 11));
    assertThat(shape(new Upsample(2, 3, Upsample.Mode.BILINEAR), PICTURE))
        .isEqualTo(Shape.of(6, 14, 15));
    assertThat(shape(new LayerNorm(1e-6), PICTURE)).isEqualTo(PICTURE);
    assertThat(shape(new LayerNorm(1e-6), Shape.of(3))).isEqualTo(Shape.of(3));
    assertThat(shape(new LocalResponseNorm(5, 1e-4, 0.75, 2), PICTURE)).isEqualTo(PICTURE);
    assertThat(shape(new GlobalAveragePool(), PICTURE)).isEqualTo(Shape.of(6));
    assertThat(shape(new Dense(3, true), Shape.of(210))).isEqualTo(Shape.of(3));
    assertThat(shape(new Dropout(0.5), Shape.of(3))).isEqualTo(Shape.of(3));
    assertThat(shape(new Softmax(), Shape.of(3))).isEqualTo(Shape.of(3));
    assertThat(shape(new Activation(Activation.Function.ELU, 1), PICTURE)).isEqualTo(PICTURE);
    assertThat(shape(new PRelu(false), PICTURE)).isEqualTo(PICTURE);
    assertThat(shape(new Scale(0.1), Shape.of(3))).isEqualTo(Shape.of(3));
    assertThat(shape(new LayerScale(1e-6), PICTURE)).isEqualTo(PICTURE);
    assertThat(shape(new StochasticDepth(0.1), PICTURE)).isEqualTo(PICTURE);
    assertThat(shape(new Standardization(), PICTURE)).isEqualTo(PICTURE);
  }

  @Test
  void groupsMustDivideChannels() {
    refused("6 channels do not split into 4 groups", new Conv2d(8, k(1).pad(0), 4, false), PICTURE);
    assertThatThrownBy(() -> new Conv2d(6, k(1).pad(0), 4, false))
        .hasMessage("filters must be a positive multiple of 4 groups, was 6");
  }

  @Test
  void sumsAndStacksMustFit() {
    refused("add needs equal shapes, got 6x7x5 and 6x7x4", new Add(), PICTURE, Shape.of(6, 7, 4));
    refused(
        "concat needs pictures of one height and width, got [6x7x5, 6x8x5]",
        new Concat(),
        PICTURE,
        Shape.of(6, 8, 5));
    refused("concat needs two inputs or more, got 1", new Concat(), PICTURE);
  }

  @Test
  void productsAreOfEqualShapesOrOfAFactorPerChannel() {
    Shape vector = Shape.of(6);
    assertThat(shape(new Multiply(), PICTURE, PICTURE)).isEqualTo(PICTURE);
    assertThat(shape(new Multiply(), PICTURE, vector)).isEqualTo(PICTURE);
    assertThat(shape(new Multiply(), PICTURE, Shape.of(6, 1, 1))).isEqualTo(PICTURE);
    assertThat(shape(new Multiply(), vector, vector)).isEqualTo(vector);
    String fault = "multiply needs equal shapes, or a picture and a factor for each channel, got ";
    refused(fault + "6x7x5 and 5", new Multiply(), PICTURE, Shape.of(5));
    refused(fault + "6 and 6x7x5", new Multiply(), vector, PICTURE);
    refused(fault + "6x7x5 and 6x7x1", new Multiply(), PICTURE, Shape.of(6, 7, 1));
    refused("multiply needs two inputs, got 1", new Multiply(), PICTURE);
  }

  @Test
  void slopesAreOnePerChannelOrOneForAll() {
    assertThat(new PRelu(false).parameters(List.of(PICTURE)))
        .containsExactly(new Parameter(Role.SLOPE, Shape.of(6)));
    assertThat(new PRelu(true).parameters(List.of(PICTURE)))
        .containsExactly(new Parameter(Role.SLOPE, Shape.of(1)));
  }

  @Test
  void functionsThatHaveAnAlphaNeedOneAndTheOthersTakeNone() {
    assertThatThrownBy(() -> Activation.of(Activation.Function.LEAKY_RELU))
        .hasMessage("alpha of LEAKY_RELU must be positive, was 0.0");
    assertThatThrownBy(() -> new Activation(Activation.Function.ELU, Double.NaN))
        .hasMessageContaining("alpha");
    assertThatThrownBy(() -> new Activation(Activation.Function.SWISH, Double.POSITIVE_INFINITY))
        .hasMessageContaining("alpha");
    assertThatThrownBy(() -> new Activation(Activation.Function.GELU, 1))
        .hasMessage("alpha of GELU must be 0, as it has none, was 1.0");
  }

  @Test
  void functionsDescribeThemselves() {
    assertThat(Activation.of(Activation.Function.HARD_SWISH).description()).isEqualTo("hard-swish");
    assertThat(new Activation(Activation.Function.ELU, 0.5).description())
        .isEqualTo("elu, alpha 0.5");
  }

  @Test
  void poolsMustSeeSomePicture() {
    assertThatThrownBy(() -> new MaxPool(k(2).pad(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("padding must be smaller than the window");
    assertThatThrownBy(() -> new AveragePool(k(1).pad(1), false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void attributesOutOfRange() {
    assertThatThrownBy(() -> new BatchNorm(0, 0.1, true)).hasMessageContaining("epsilon");
    assertThatThrownBy(() -> new BatchNorm(Double.NaN, 0.1, true)).hasMessageContaining("epsilon");
    assertThatThrownBy(() -> new BatchNorm(1e-5, 1.5, true)).hasMessageContaining("momentum");
    assertThatThrownBy(() -> new Dropout(1)).hasMessageContaining("rate");
    assertThatThrownBy(() -> new StochasticDepth(1)).hasMessageContaining("rate");
    assertThatThrownBy(() -> new Scale(Double.NaN)).hasMessageContaining("factor");
    assertThatThrownBy(() -> new LayerScale(Double.NaN)).hasMessageContaining("initial");
    assertThatThrownBy(() -> new Dense(0, true)).hasMessageContaining("units");
    assertThatThrownBy(() -> new PadChannels(0)).hasMessageContaining("count");
    assertThatThrownBy(() -> new Subsample(1)).hasMessageContaining("stride");
    assertThatThrownBy(() -> new LayerNorm(0)).hasMessageContaining("epsilon");
    assertThatThrownBy(() -> new Upsample(0, 1, Upsample.Mode.NEAREST))
        .hasMessage("factors must be from 1 to 1024, were 0 and 1");
    assertThatThrownBy(() -> new Crop(0, -1, 0, 0)).hasMessageContaining("negative");
    assertThatThrownBy(() -> new ZeroPad(0, 0, 0, -1)).hasMessageContaining("negative");
    assertThatThrownBy(() -> new LocalResponseNorm(4, 1e-4, 0.75, 2)).hasMessageContaining("odd");
    assertThatThrownBy(() -> new LocalResponseNorm(5, 1e-4, 0.75, 0)).hasMessageContaining("k");
    assertThatThrownBy(() -> new LocalResponseNorm(5, Double.NaN, 0.75, 1))
        .hasMessage(
            "alpha and beta must not be negative and k must be positive, were NaN, 0.75 and 1.0");
  }

  @Test
  void whatIsCroppedMustLeaveSomething() {
    refused("cropping 3, 0, 4, 0 leaves nothing of 6x7x5", new Crop(3, 0, 4, 0), PICTURE);
    refused("cropping 0, 3, 0, 3 leaves nothing of 6x7x5", new Crop(0, 3, 0, 3), PICTURE);
  }

  @Test
  void pytorchWeighsTheMeanOfTheSquares() {
    assertThat(LocalResponseNorm.ofMean(5, 1e-4, 0.75, 1))
        .isEqualTo(new LocalResponseNorm(5, 2e-5, 0.75, 1));
  }

  @Test
  void aLayerNormLearnsAScaleAndAShiftOfEachChannel() {
    assertThat(new LayerNorm(1e-6).parameters(List.of(PICTURE)))
        .containsExactly(
            new Parameter(Role.SCALE, Shape.of(6)), new Parameter(Role.SHIFT, Shape.of(6)));
  }

  @Test
  void aStandardizationLearnsNothing() {
    assertThat(new Standardization().parameters(List.of(PICTURE)))
        .containsExactly(
            new Parameter(Role.MEAN, Shape.of(6)), new Parameter(Role.VARIANCE, Shape.of(6)));
    assertThatThrownBy(() -> new Standardization().infer(List.of(Shape.of(3))))
        .hasMessageContaining("needs channels x height x width");
  }

  @Test
  void descriptionsSayWhatShapesDoNot() {
    assertThat(new MaxPool(settled(k(2).stride(2))).description()).isEqualTo("MaxPool 2x2/2");
    assertThat(new Upsample(2, 3, Upsample.Mode.BILINEAR).description())
        .isEqualTo("Upsample 2x3 bilinear");
    assertThat(new ZeroPad(1, 2, 3, 4).description()).isEqualTo("ZeroPad 1,2,3,4");
    assertThat(new Crop(1, 2, 3, 4).description()).isEqualTo("Crop 1,2,3,4");
    assertThat(new Flatten(Flatten.Order.HWC).description()).isEqualTo("Flatten HWC");
    assertThat(new LocalResponseNorm(5, 1e-4, 0.75, 2).description())
        .isEqualTo("LocalResponseNorm 5");
    assertThat(new LayerNorm(1e-6).description()).isEqualTo("LayerNorm");
  }

  @Test
  void aShapeHoldsNoMoreThanAnIntCanCount() {
    assertThatThrownBy(() -> Shape.of(1 << 16, 1 << 15))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too large");
    assertThatThrownBy(() -> Shape.of(3, 0, 2)).hasMessageContaining("at least 1");
    assertThat(Shape.of().toString()).isEqualTo("scalar");
    assertThat(Shape.of().size()).isEqualTo(1);
  }

  @Test
  void withoutScaleABatchNormLearnsTheShiftAlone() {
    assertThat(new BatchNorm(1e-3, 0.01, false).parameters(List.of(PICTURE)))
        .extracting(Parameter::role)
        .containsExactly(Role.SHIFT, Role.MEAN, Role.VARIANCE);
  }

  @Test
  void suggestionsAreTheNearestNames() {
    assertThat(
            Names.suggest(
                "resnet5", List.of("vgg16", "RESNET50", "resnet18", "plain20", "alexnet")))
        .isEqualTo("did you mean RESNET50, resnet18 or alexnet?");
    assertThat(Names.suggest("x", List.of("only"))).isEqualTo("did you mean only?");
    assertThat(Names.suggest("x", List.of())).isEqualTo("there are none");
  }
}
