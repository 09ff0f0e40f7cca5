package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.Randomness;
import java.nio.FloatBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MixingTest {
  private static final int HEIGHT = 6;
  private static final int WIDTH = 8;
  private static final int LENGTH = 2 * HEIGHT * WIDTH;

  /** Room for four pictures of two channels, no sample twice; three are mixed. */
  private static FloatBuffer batch() {
    FloatBuffer pixels = FloatBuffer.allocate(4 * LENGTH);
    for (int i = 0; i < pixels.capacity(); i++) {
      pixels.put(i, i);
    }
    return pixels;
  }

  private static Targets mix(Mixing mixing, FloatBuffer pixels, long key) {
    return mixing.apply(
        pixels,
        new int[] {5, 6, 7},
        HEIGHT,
        WIDTH,
        new float[LENGTH],
        Randomness.keyed("test", key));
  }

  /** Where the neighbour's sample stood before it was mixed. */
  private static int neighbour(int at) {
    return (at + 2 * LENGTH) % (3 * LENGTH);
  }

  @Test
  void mixupLaysEachPictureOverTheOneBefore() {
    for (int key = 0; key < 20; key++) {
      FloatBuffer pixels = batch();
      Targets targets = mix(new Mixing(1, 0), pixels, key);
      double share = targets.shares()[0];
      boolean own = targets.labels()[0] == 5;
      float kept = (float) (own ? share : 1 - share);

      assertThat(share).isBetween(0.5, 1.0);
      assertThat(targets.shares()).containsExactly(share, share, share);
      assertThat(own ? targets.labels() : targets.others()).containsExactly(5, 6, 7);
      assertThat(own ? targets.others() : targets.labels()).containsExactly(7, 5, 6);
      for (int at = 0; at < 3 * LENGTH; at++) {
        float expected = kept * at + (1 - kept) * neighbour(at);
        assertThat(pixels.get(at)).isCloseTo(expected, within(1e-4f));
      }
      assertThat(pixels.get(3 * LENGTH)).isEqualTo(3 * LENGTH);
    }
  }

  @Test
  void cutmixPutsARectangleOfThePictureBeforeIntoEach() {
    Set<Integer> areas = new HashSet<>();
    for (int key = 0; key < 200; key++) {
      FloatBuffer pixels = batch();
      Targets targets = mix(new Mixing(0, 1), pixels, key);
      int cut = 0;
      for (int at = 0; at < 3 * LENGTH; at++) {
        float value = pixels.get(at);
        assertThat(value).isIn((float) at, (float) neighbour(at));
        // The same rectangle in every picture and channel.
        boolean isCut = value != at;
        assertThat(isCut).isEqualTo(pixels.get(at % (HEIGHT * WIDTH)) != at % (HEIGHT * WIDTH));
        cut += isCut && at < HEIGHT * WIDTH ? 1 : 0;
      }
      double kept = 1 - cut / (double) (HEIGHT * WIDTH);
      boolean own = targets.labels()[0] == 5;
      assertThat(own ? targets.shares()[0] : 1 - targets.shares()[0]).isEqualTo(kept);
      areas.add(cut);
    }
    assertThat(areas).contains(0).hasSizeGreaterThan(10);
  }

  @Test
  void theRectangleHasTheSizeOfTheShareAndIsCutOffAtTheEdges() {
    int whole = 0;
    for (int key = 0; key < 500; key++) {
      Mixing.Box box = Mixing.Box.draw(0.75, 40, 20, Randomness.keyed("test", key));
      assertThat(box.left()).isBetween(0, box.right());
      assertThat(box.top()).isBetween(0, box.bottom());
      assertThat(box.right()).isBetween(box.left(), 40);
      assertThat(box.bottom()).isBetween(box.top(), 20);
      // A quarter of the area: half of each side.
      assertThat(box.area()).isLessThanOrEqualTo(20 * 10);
      whole += box.area() == 20 * 10 ? 1 : 0;
    }
    assertThat(whole).isBetween(90, 220);
  }

  @Test
  void eachBatchHasOneOfTwoWays() {
    int cut = 0;
    for (int key = 0; key < 400; key++) {
      FloatBuffer pixels = batch();
      mix(new Mixing(1, 1), pixels, key);
      boolean whole = true;
      for (int at = 0; at < LENGTH; at++) {
        whole &= pixels.get(at) == at || pixels.get(at) == neighbour(at);
      }
      cut += whole ? 1 : 0;
    }
    assertThat(cut).isBetween(150, 250);
  }

  @Test
  void nothingIsMixedUnaskedOrAlone() {
    FloatBuffer pixels = batch();

    assertThat(mix(Mixing.none(), pixels, 1).shares()).containsExactly(1, 1, 1);
    Targets alone =
        new Mixing(1, 1)
            .apply(
                pixels,
                new int[] {5},
                HEIGHT,
                WIDTH,
                new float[LENGTH],
                Randomness.keyed("test", 1));
    assertThat(alone.labels()).containsExactly(5);
    assertThat(alone.shares()).containsExactly(1);
    assertThat(pixels).isEqualTo(batch());
  }
}
