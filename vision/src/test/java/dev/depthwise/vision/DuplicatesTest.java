package dev.depthwise.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.InputException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DuplicatesTest {
  /** One picture for each of the numbers, equal where they are. */
  private static Dataset numbers(int... numbers) {
    return new MemoryDataset(numbers.length, 2, index -> TestResources.row(numbers[index], 7));
  }

  @Test
  void findsWhatTwoDataSetsShare() {
    Dataset train = numbers(1, 2, 3, 4, 3, 5);
    Dataset validation = numbers(9, 3, 8, 1, 3);

    List<Duplicates.Pair> pairs = Duplicates.between(validation, train, 2, Progress.NONE);

    assertThat(pairs)
        .containsExactly(
            new Duplicates.Pair(1, 2), new Duplicates.Pair(3, 0), new Duplicates.Pair(4, 2));
    assertThat(Duplicates.between(numbers(6), train, 1, Progress.NONE)).isEmpty();
  }

  @Test
  void findsWhatADataSetRepeats() {
    assertThat(Duplicates.within(numbers(5, 1, 5, 2, 1, 5, 3), 2, Progress.NONE))
        .containsExactly(List.of(0, 2, 5), List.of(1, 4));
    assertThat(Duplicates.within(numbers(1, 2, 3), 2, Progress.NONE)).isEmpty();
  }

  @Test
  void theSameSamplesInAnotherShapeAreAnotherPicture() {
    byte[] samples = {1, 2, 3, 4, 5, 6};
    List<Picture> pictures =
        List.of(
            Picture.of(6, 1, 1, samples),
            Picture.of(1, 6, 1, samples),
            Picture.of(2, 1, 3, samples),
            Picture.of(2, 3, 1, samples));
    Dataset dataset = new MemoryDataset(4, 2, pictures::get);
    assertThat(Duplicates.within(dataset, 1, Progress.NONE)).isEmpty();
  }

  @Test
  void aCorruptPictureIsAnErrorAndTheFirstOfThemIsNamed() {
    Dataset corrupt =
        new MemoryDataset(
            1000,
            2,
            index -> {
              if (index % 100 == 50) {
                throw new InputException("picture %d is corrupt".formatted(index));
              }
              return TestResources.row(index & 0xff);
            });
    assertThatThrownBy(() -> Duplicates.within(corrupt, 4, Progress.NONE))
        .isInstanceOf(InputException.class)
        .hasMessage("picture 50 is corrupt");
  }

  @Test
  void progressEndsAtItsTotal() {
    AtomicLong last = new AtomicLong();
    Duplicates.within(
        numbers(1, 2, 3, 4, 5), 3, (task, done, total) -> last.set(10 * done + total));
    assertThat(last).hasValue(55);
  }
}
