package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.Randomness;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TransformTest {
  /** One of each, strong. */
  static List<Transform> all() {
    return List.of(
        new Blur(1, 0.1, 8),
        new ColorJitter(0.9, 0.9, 0.9, 0.5),
        new Flip(0.5),
        new Grayscale(0.5),
        new PaddedCrop(5, 9),
        new RandAugment(3, 30),
        new Rotation(180, Border.black()),
        new Rotation(180, Border.of(Border.Kind.REFLECT)),
        new Shear(80, Border.of(Border.Kind.NEAREST)),
        new Translation(1, Border.of(Border.Kind.WRAP)),
        new VerticalFlip(0.5),
        new Zoom(0.95, Border.of(Border.Kind.REFLECT)));
  }

  private static Randomness key(long key) {
    return Randomness.keyed("test", key);
  }

  @ParameterizedTest
  @MethodSource("all")
  void oneKeyOneResultAnotherKeyAnother(Transform transform) {
    Picture picture = PillowTest.pattern(16, 16, 3);
    Set<Picture> results = new HashSet<>();
    for (int key = 0; key < 50; key++) {
      Picture varied = transform.apply(picture, key(key));
      assertThat(transform.apply(picture, key(key))).isEqualTo(varied);
      results.add(varied);
    }
    assertThat(results).hasSizeGreaterThan(1);
  }

  @ParameterizedTest
  @MethodSource("all")
  void anySizeIsKept(Transform transform) {
    int[][] sizes = {{1, 1, 1}, {1, 1, 3}, {1, 40, 3}, {40, 1, 1}, {2, 3, 3}, {31, 7, 1}};
    for (int[] size : sizes) {
      Picture picture = PillowTest.pattern(size[0], size[1], size[2]);
      for (int key = 0; key < 100; key++) {
        Picture varied = transform.apply(picture, key(key));
        assertThat(new int[] {varied.width(), varied.height(), varied.channels()}).isEqualTo(size);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // a b c d to the left of, in and to the right of its places
    "REFLECT, b a a b c d d c",
    "NEAREST, a a a b c d d d",
    "WRAP, c d a b c d a b",
    "CONSTANT, - - a b c d - -"
  })
  void bordersAreKeras(Border.Kind kind, String expected) {
    Picture row = TestResources.row(10, 20, 30, 40);
    Border border = kind == Border.Kind.CONSTANT ? Border.constant(99) : Border.of(kind);
    String seen = "";
    for (int at = -2; at < 6; at++) {
      // The place comes to column 1: its sample is found there exactly.
      int sample = Affine.translation(1 - at, 0).bilinear(row, border).sample(1, 0, 0);
      seen += " " + (sample == 99 ? '-' : "abcd".charAt(sample / 10 - 1));
    }

    assertThat(seen.strip()).isEqualTo(expected);
  }

  @Test
  void betweenPixelsIsInterpolated() {
    Picture picture = Picture.of(2, 2, 1, new byte[] {0, 100, (byte) 200, 40});
    Picture moved =
        Affine.translation(-0.25, -0.5).bilinear(picture, Border.of(Border.Kind.NEAREST));

    // Top: 25 and 100 of the upper, 160 and 40 of the lower row; half of each.
    assertThat(moved).isEqualTo(Picture.of(2, 2, 1, new byte[] {92, 70, (byte) 160, 40}));
  }

  @Test
  void rotationIsAnticlockwiseAboutTheMiddle() {
    Picture picture = Picture.of(3, 3, 1, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});

    assertThat(Affine.rotation(90, 3, 3).bilinear(picture, Border.black()))
        .isEqualTo(Picture.of(3, 3, 1, new byte[] {3, 6, 9, 2, 5, 8, 1, 4, 7}));
    assertThat(Affine.rotation(90, 3, 3).nearest(picture))
        .isEqualTo(Picture.of(3, 3, 1, new byte[] {3, 6, 9, 2, 5, 8, 1, 4, 7}));
  }

  @Test
  void motionsAreDrawnFromTheirRange() {
    double widest = 0;
    for (int key = 0; key < 1000; key++) {
      Affine turned = new Rotation(20, Border.black()).draw(10, 10, key(key));
      double degrees = Math.toDegrees(Math.atan2(turned.yx(), turned.xx()));
      Affine moved = new Translation(0.2, Border.black()).draw(10, 40, key(key));
      Affine seen = new Zoom(0.3, Border.black()).draw(10, 10, key(key));
      Affine sheared = new Shear(30, Border.black()).draw(10, 10, key(key));
      widest = Math.max(widest, Math.abs(degrees));
      assertThat(degrees).isBetween(-20.0, 20.0);
      assertThat(moved.x0()).isBetween(-2.0, 2.0);
      assertThat(moved.y0()).isBetween(-8.0, 8.0);
      assertThat(seen.xx()).isBetween(0.7, 1.3).isEqualTo(seen.yy());
      // The middle stays.
      assertThat(seen.xx() * 5 + seen.x0()).isCloseTo(5, within(1e-9));
      assertThat(sheared.xy()).isBetween(-0.578, 0.578);
    }
    assertThat(widest).isGreaterThan(19);
  }

  @Test
  void motionsOfOneAreTheProductOfTheirMaps() {
    Affine turned = Affine.rotation(30, 8, 6);
    Affine moved = Affine.translation(2, -1);
    Affine both = moved.after(turned);

    // Backwards: first where the move has it from, then where the turn has that from.
    double x = 3 + moved.x0();
    double y = 4 + moved.y0();
    assertThat(both.xx() * 3 + both.xy() * 4 + both.x0())
        .isCloseTo(turned.xx() * x + turned.xy() * y + turned.x0(), within(1e-12));
    assertThat(both.yx() * 3 + both.yy() * 4 + both.y0())
        .isCloseTo(turned.yx() * x + turned.yy() * y + turned.y0(), within(1e-12));
  }

  @Test
  void windowsHaveTheSizeAndShapeThatWereAskedFor() {
    ResizedCrop crop = new ResizedCrop(0.2, 0.5, 0.5, 2);
    Picture picture = PillowTest.pattern(100, 80, 1);
    Set<Picture> windows = new HashSet<>();
    for (int key = 0; key < 200; key++) {
      Picture window = crop.apply(picture, key(key));
      double area = window.width() * window.height() / 8000.0;
      assertThat(area).isBetween(0.19, 0.51);
      assertThat((double) window.width() / window.height()).isBetween(0.48, 2.05);
      windows.add(window);
    }
    assertThat(windows).hasSizeGreaterThan(190);
  }

  @ParameterizedTest
  @CsvSource({
    // Too narrow or too wide for any window: the largest middle one that is not.
    "3, 200, 3, 4",
    "200, 3, 4, 3",
    "1, 40, 1, 1",
    "40, 1, 1, 1",
    "1, 1, 1, 1"
  })
  void aThinPictureGivesItsMiddle(int width, int height, int windowWidth, int windowHeight) {
    ResizedCrop crop = new ResizedCrop(1, 1, 0.75, 4 / 3.0);
    Picture picture = PillowTest.pattern(width, height, 3);
    Picture middle =
        picture.window(
            (width - windowWidth) / 2, (height - windowHeight) / 2, windowWidth, windowHeight, 0);

    assertThat(crop.apply(picture, key(1))).isEqualTo(middle);
  }

  @Test
  void jitterLeavesAloneWhatIsNotAskedFor() {
    Picture picture = PillowTest.pattern(9, 9, 3);

    assertThat(new ColorJitter(0, 0, 0, 0).apply(picture, key(1))).isEqualTo(picture);
    Picture grey = PillowTest.pattern(9, 9, 1);
    assertThat(new ColorJitter(0, 0, 1, 0.5).apply(grey, key(1))).isEqualTo(grey);
  }

  @Test
  void brightnessIsAFactorFromItsRange() {
    Picture picture = TestResources.row(100);
    Set<Integer> seen = new HashSet<>();
    for (int key = 0; key < 2000; key++) {
      seen.add(new ColorJitter(0.4, 0, 0, 0).apply(picture, key(key)).sample(0, 0, 0));
    }
    assertThat(seen).allMatch(sample -> sample >= 60 && sample <= 140).hasSizeGreaterThan(75);
  }

  @Test
  void theOrderOfTheChangesIsDrawnToo() {
    // Brighter by 50 % then cut off at 255, and three times the contrast: the order shows.
    Picture picture = TestResources.row(20, 120, 240);
    Set<Picture> orders = new HashSet<>();
    for (int key = 0; key < 50; key++) {
      Randomness randomness = key(key);
      int[] order = randomness.permutation(4);
      double brightness = randomness.between(0.5, 1.5);
      double contrast = randomness.between(0.5, 1.5);
      boolean brightnessFirst =
          IntStream.of(order).filter(change -> change < 2).findFirst().orElseThrow() == 0;
      Picture expected =
          brightnessFirst
              ? Tones.contrast(Tones.brightness(picture, brightness), contrast)
              : Tones.brightness(Tones.contrast(picture, contrast), brightness);
      assertThat(new ColorJitter(0.5, 0.5, 0, 0).apply(picture, key(key))).isEqualTo(expected);
      orders.add(TestResources.row(brightnessFirst ? 1 : 0));
    }
    assertThat(orders).hasSize(2);
  }

  @Test
  void grayscaleTakesTheColourAway() {
    Picture picture = PillowTest.pattern(5, 4, 3);
    Picture grey = new Grayscale(1).apply(picture, key(1));

    assertThat(grey).isEqualTo(picture.to(1).to(3)).isNotEqualTo(picture);
    assertThat(new Grayscale(0).apply(picture, key(1))).isEqualTo(picture);
  }

  @Test
  void blurWeightsTheNeighboursWithABellCurve() {
    byte[] samples = new byte[13 * 13];
    samples[6 * 13 + 6] = (byte) 255;
    Picture blurred = Focus.gaussian(Picture.of(13, 13, 1, samples), 1);

    double total = 0;
    for (int i = -3; i <= 3; i++) {
      total += Math.exp(-0.5 * i * i);
    }
    for (int x = 0; x < 13; x++) {
      double distance = Math.abs(x - 6);
      double weight = distance > 3 ? 0 : Math.exp(-0.5 * distance * distance) / total;
      assertThat(blurred.sample(x, 6, 0)).isEqualTo((int) Math.round(255 * weight / total));
    }
    Picture even = TestResources.row(200, 200, 200);
    assertThat(Focus.gaussian(even, 32)).isEqualTo(even);
  }

  @Test
  void verticalFlipExchangesTopAndBottom() {
    Picture picture = Picture.of(1, 3, 3, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});

    assertThat(new VerticalFlip(1).apply(picture, key(1)))
        .isEqualTo(Picture.of(1, 3, 3, new byte[] {7, 8, 9, 4, 5, 6, 1, 2, 3}));
    assertThat(new VerticalFlip(0).apply(picture, key(1))).isEqualTo(picture);
  }

  @ParameterizedTest
  @EnumSource(RandAugment.Operation.class)
  void everyOperationHasAStrengthAndADirection(RandAugment.Operation operation) {
    Picture picture = PillowTest.pattern(40, 30, 3);
    Picture strong = operation.apply(picture, 1);
    switch (operation) {
      case IDENTITY -> assertThat(strong).isEqualTo(picture);
      case AUTOCONTRAST, EQUALIZE -> assertThat(strong).isNotEqualTo(picture);
      default -> {
        assertThat(strong).isNotEqualTo(picture);
        // Of strength 0 each does nothing, but for the threshold that lets white through.
        assertThat(operation.apply(picture, 0)).isEqualTo(picture);
      }
    }
    if (operation.isSigned()) {
      assertThat(operation.apply(picture, -1)).isNotEqualTo(strong);
    }
  }

  @Test
  void strengthsAreTorchvisions() {
    // Magnitude 9 of 30: posterize keeps 8 - round(1.2) bits, solarize begins at 178.5, and a
    // translation of a picture of 100 columns is int(45.317 * 0.3) = 13 pixels.
    Picture row = TestResources.row(IntStream.range(0, 100).map(x -> 100 + x).toArray());
    double strength = 9 / 30.0;

    assertThat(RandAugment.Operation.POSTERIZE.apply(row, strength).sample(5, 0, 0))
        .isEqualTo(105 & 0xfe);
    Picture solarized = RandAugment.Operation.SOLARIZE.apply(row, strength);
    assertThat(solarized.sample(78, 0, 0)).isEqualTo(178);
    assertThat(solarized.sample(79, 0, 0)).isEqualTo(255 - 179);
    Picture moved = RandAugment.Operation.TRANSLATE_X.apply(row, strength);
    assertThat(moved.sample(12, 0, 0)).isZero();
    assertThat(moved.sample(13, 0, 0)).isEqualTo(100);
    assertThat(RandAugment.Operation.TRANSLATE_X.apply(row, -strength).sample(0, 0, 0))
        .isEqualTo(113);
  }

  @Test
  void everyOperationIsDrawnInBothDirections() {
    Set<Picture> results = new HashSet<>();
    Picture picture = PillowTest.pattern(30, 30, 3);
    for (int key = 0; key < 500; key++) {
      results.add(new RandAugment(1, 20).apply(picture, key(key)));
    }
    // Nine have two directions, four one, and one changes nothing.
    assertThat(results).hasSize(9 * 2 + 4 + 1);
  }
}
