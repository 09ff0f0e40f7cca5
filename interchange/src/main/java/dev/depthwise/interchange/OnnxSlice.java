package dev.depthwise.interchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Which indexes of an axis a {@code Slice} keeps.
 *
 * @param axis counted with that of the batch
 * @param start the first; from the end if negative
 * @param end behind the last; from the end if negative
 * @param step from one to the next; backward if negative
 */
record OnnxSlice(int axis, long start, long end, long step) {
  /** What a node keeps, of a value with as many axes. */
  static List<OnnxSlice> of(OnnxUse use, int rank) {
    long[] starts = need(use, "starts", 1);
    long[] ends = need(use, "ends", 2);
    long[] axes =
        use.integers("axes", 3).orElseGet(() -> LongStream.range(0, starts.length).toArray());
    Optional<long[]> steps = use.integers("steps", 4);
    boolean fits =
        starts.length == ends.length
            && starts.length == axes.length
            && steps.map(each -> each.length == starts.length).orElse(true);
    if (!fits || starts.length == 0) {
      throw new Unsupported(
          "says %d starts, %d ends and %d axes".formatted(starts.length, ends.length, axes.length));
    }
    List<OnnxSlice> slices = new ArrayList<>();
    for (int i = 0; i < starts.length; i++) {
      long step = steps.isPresent() ? steps.get()[i] : 1;
      if (step == 0 || Math.abs(step) > Integer.MAX_VALUE) {
        throw new Unsupported("takes every %d-th".formatted(step));
      }
      slices.add(new OnnxSlice(OnnxUse.axis(axes[i], rank), starts[i], ends[i], step));
    }
    return slices;
  }

  private static long[] need(OnnxUse use, String what, int index) {
    return use.integers(what, index).orElseThrow(() -> new Unsupported("says no " + what));
  }

  /** The indexes, of as many. */
  int[] indexes(int extent) {
    long lowest = step > 0 ? 0 : -1;
    long highest = step > 0 ? extent : extent - 1L;
    long from = Math.max(0, Math.min(highest, start < 0 ? start + extent : start));
    long to = Math.max(lowest, Math.min(extent, end < 0 ? end + extent : end));
    int count = (int) Math.max(0, step > 0 ? ceil(to - from, step) : ceil(from - to, -step));
    return IntStream.range(0, count).map(i -> (int) (from + i * step)).toArray();
  }

  private static long ceil(long distance, long step) {
    return distance <= 0 ? 0 : (distance + step - 1) / step;
  }
}
