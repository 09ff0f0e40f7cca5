package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Preprocessing;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BatchesTest {
  private static final Preprocessor PREPROCESSOR =
      new Preprocessor(Preprocessing.stretched(1, 8, 8, List.of(0.5), List.of(0.25)));
  private static final Dataset NOISE = MemoryDataset.noise(50, 5, 8, 1);
  private static final Augmentation EVERYTHING =
      Augmentation.parse("standard,randaugment,erase:0.5,mixup:1,cutmix:1");

  /** A batch whose pixels outlive it. */
  private record Copy(
      List<Float> pixels,
      List<Integer> labels,
      List<Integer> others,
      List<Double> shares,
      List<Integer> indices) {
    static Copy of(Batch batch) {
      List<Float> pixels = new ArrayList<>();
      for (int i = 0; i < batch.pixels().limit(); i++) {
        pixels.add(batch.pixels().get(i));
      }
      return new Copy(
          pixels,
          Arrays.stream(batch.labels()).boxed().toList(),
          Arrays.stream(batch.targets().others()).boxed().toList(),
          Arrays.stream(batch.targets().shares()).boxed().toList(),
          Arrays.stream(batch.indices()).boxed().toList());
    }
  }

  private static List<Copy> epoch(
      Augmentation augmentation, Batches.Options options, int epoch, int firstBatch) {
    List<Copy> copies = new ArrayList<>();
    try (Batches batches =
        new Batches(NOISE, PREPROCESSOR, augmentation, options, epoch, firstBatch)) {
      while (batches.hasNext()) {
        copies.add(Copy.of(batches.next()));
      }
    }
    return copies;
  }

  @Test
  void evaluationSeesEveryPictureInOrderAndUnchanged() {
    List<Copy> copies = epoch(Augmentation.none(), Batches.Options.evaluation(16), 0, 0);

    assertThat(copies).hasSize(4);
    assertThat(copies.stream().flatMap(copy -> copy.indices().stream()))
        .containsExactlyElementsOf(IntStream.range(0, 50).boxed().toList());
    assertThat(copies.get(3).indices()).containsExactly(48, 49);
    assertThat(copies.get(3).labels()).containsExactly(3, 4);
    float[] last = PREPROCESSOR.apply(NOISE.picture(49));
    for (int i = 0; i < last.length; i++) {
      assertThat(copies.get(3).pixels().get(64 + i)).isEqualTo(last[i]);
    }
  }

  @Test
  void shortLastBatchKeepsTheCapacityOfAFullOne() {
    try (Batches batches =
        new Batches(
            NOISE, PREPROCESSOR, Augmentation.none(), Batches.Options.evaluation(16), 0, 3)) {
      Batch batch = batches.next();

      assertThat(batch.count()).isEqualTo(2);
      assertThat(batch.pixels().isDirect()).isTrue();
      assertThat(batch.pixels().order()).isEqualTo(ByteOrder.nativeOrder());
      assertThat(batch.pixels().position()).isZero();
      assertThat(batch.pixels().limit()).isEqualTo(2 * 64);
      assertThat(batch.pixels().capacity()).isEqualTo(16 * 64);
      assertThat(batches.count()).isEqualTo(4);
      assertThat(batches.hasNext()).isFalse();
      assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void trainingShufflesEachEpochAnewAndLeavesTheRestOut() {
    Batches.Options options = Batches.Options.training(16, 1);
    List<Integer> first = indices(epoch(Augmentation.none(), options, 0, 0));
    List<Integer> second = indices(epoch(Augmentation.none(), options, 1, 0));
    List<Integer> otherSeed =
        indices(epoch(Augmentation.none(), Batches.Options.training(16, 2), 0, 0));

    assertThat(first).hasSize(48).doesNotHaveDuplicates().isNotEqualTo(second);
    assertThat(first).isNotEqualTo(otherSeed).isNotEqualTo(first.stream().sorted().toList());
    assertThat(indices(epoch(Augmentation.none(), options, 0, 0))).isEqualTo(first);
  }

  @Test
  void contentDoesNotDependOnTheNumberOfThreads() {
    Batches.Options options = new Batches.Options(3, true, false, 7, 1);
    List<Copy> one = epoch(EVERYTHING, options, 2, 0);

    assertThat(one).hasSize(17);
    assertThat(one.stream().map(copy -> copy.shares().get(0)).distinct()).hasSizeGreaterThan(10);
    assertThat(epoch(EVERYTHING, options.withThreads(2), 2, 0)).isEqualTo(one);
    assertThat(epoch(EVERYTHING, options.withThreads(9), 2, 0)).isEqualTo(one);
  }

  @Test
  void anEpochThatWasBrokenOffGoesOnAsItWouldHave() {
    Batches.Options options = new Batches.Options(3, true, false, 7, 2);
    List<Copy> whole = epoch(EVERYTHING, options, 2, 0);

    for (int first : new int[] {1, 6, 15, 17}) {
      assertThat(epoch(EVERYTHING, options, 2, first)).isEqualTo(whole.subList(first, 17));
    }
  }

  @Test
  void goingOnReadsNoPictureOfTheBatchesBefore() {
    AtomicInteger smallest = new AtomicInteger(Integer.MAX_VALUE);
    Dataset watched =
        new MemoryDataset(
            100,
            2,
            index -> {
              smallest.accumulateAndGet(index, Math::min);
              return NOISE.picture(index);
            });
    try (Batches batches =
        new Batches(
            watched, PREPROCESSOR, Augmentation.none(), Batches.Options.evaluation(10), 0, 7)) {
      assertThat(batches.next().indices()[0]).isEqualTo(70);
    }
    assertThat(smallest).hasValue(70);
  }

  @Test
  void aPictureIsVariedAnewInEachEpochAndBySeed() {
    Batches.Options options = new Batches.Options(50, false, false, 7, 1);
    Copy first = epoch(EVERYTHING, options, 0, 0).get(0);
    Copy second = epoch(EVERYTHING, options, 1, 0).get(0);
    Copy otherSeed = epoch(EVERYTHING, new Batches.Options(50, false, false, 8, 1), 0, 0).get(0);

    assertThat(second.indices()).isEqualTo(first.indices());
    assertThat(second.pixels()).isNotEqualTo(first.pixels());
    assertThat(otherSeed.pixels()).isNotEqualTo(first.pixels());
  }

  @Test
  void preparesOnlyAFewBatchesAhead() throws InterruptedException {
    AtomicInteger read = new AtomicInteger();
    Dataset counted =
        new MemoryDataset(
            1000,
            2,
            index -> {
              read.incrementAndGet();
              return NOISE.picture(index % 50);
            });
    try (Batches batches =
        new Batches(
            counted,
            PREPROCESSOR,
            Augmentation.none(),
            Batches.Options.evaluation(10).withThreads(4),
            0,
            0)) {
      batches.next();
      Thread.sleep(200);
      assertThat(read.get()).isLessThanOrEqualTo(40);
      batches.next();
      batches.next();
      Thread.sleep(200);
      assertThat(read.get()).isLessThanOrEqualTo(60);
    }
  }

  @Test
  void measuresHowLongItsConsumerWaited() {
    Dataset slow =
        new MemoryDataset(
            40,
            2,
            index -> {
              sleep(index < 20 ? 10 : 0);
              return NOISE.picture(index % 50);
            });
    try (Batches batches =
        new Batches(
            slow, PREPROCESSOR, Augmentation.none(), Batches.Options.evaluation(10), 0, 0)) {
      batches.next();
      batches.next();
      double waited = batches.secondsWaited();
      assertThat(waited).isBetween(0.19, 5.0);
      sleep(500);
      batches.next();
      assertThat(batches.secondsWaited() - waited).isLessThan(0.1);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aBrokenPictureSurfacesWhereItsBatchIsAskedFor() {
    InputException fault = new InputException("picture 25 is broken");
    Dataset broken =
        new MemoryDataset(
            50,
            5,
            index -> {
              if (index == 25) {
                throw fault;
              }
              return NOISE.picture(index);
            });
    try (Batches batches =
        new Batches(
            broken,
            PREPROCESSOR,
            Augmentation.none(),
            Batches.Options.evaluation(10).withThreads(3),
            0,
            0)) {
      batches.next();
      batches.next();
      assertThatThrownBy(batches::next).isSameAs(fault);
      assertThat(batches.next().indices()[0]).isEqualTo(30);
      assertThat(batches.next().indices()[0]).isEqualTo(40);
    }
  }

  @Test
  void anErrorSurfacesTooInsteadOfAHang() {
    Dataset hungry =
        new MemoryDataset(
            5,
            1,
            index -> {
              throw new OutOfMemoryError("pretended");
            });
    try (Batches batches =
        new Batches(
            hungry, PREPROCESSOR, Augmentation.none(), Batches.Options.evaluation(5), 0, 0)) {
      assertThatThrownBy(batches::next).isInstanceOf(OutOfMemoryError.class);
    }
  }

  @Test
  void closingEndsTheThreads() {
    Batches batches =
        new Batches(
            NOISE,
            PREPROCESSOR,
            Augmentation.none(),
            Batches.Options.evaluation(1).withThreads(3),
            0,
            0);
    batches.next();
    batches.close();
    batches.close();

    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("depthwise-batches"));
    assertThatThrownBy(batches::next).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesWhatCannotMakeABatch() {
    assertThatThrownBy(() -> Batches.Options.training(0, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("was 0");
    assertThatThrownBy(() -> Batches.Options.training(1, 1).withThreads(0))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(
            () ->
                new Batches(
                    NOISE,
                    PREPROCESSOR,
                    Augmentation.none(),
                    Batches.Options.training(51, 1),
                    0,
                    0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("50 pictures");
    assertThatThrownBy(
            () ->
                new Batches(
                    NOISE,
                    PREPROCESSOR,
                    Augmentation.none(),
                    Batches.Options.evaluation(10_000_000),
                    0,
                    0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("2 GiB");
  }

  private static List<Integer> indices(List<Copy> copies) {
    return copies.stream().flatMap(copy -> copy.indices().stream()).toList();
  }
}
