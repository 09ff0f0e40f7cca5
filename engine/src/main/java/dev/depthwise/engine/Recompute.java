package dev.depthwise.engine;

import dev.depthwise.network.InputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Bounds the memory of a training step: keeps only some of the forward steps' results for the
 * backward pass, and computes the others again from those, one segment of the network at a time,
 * right before the segment's backward steps (Chen et al. 2016, "Training Deep Nets with Sublinear
 * Memory Cost").
 *
 * <p>Where one segment ends, as little as possible should be alive: in a residual network the sum
 * between two blocks. Segments that keep about equally much take about the square root of the
 * whole; the last ones keep everything, as many as the memory allows, so that little is computed
 * twice.
 */
final class Recompute {
  private final Plan plan;
  private final int batch;
  private final ToLongFunction<Forward> workspaceBytes;
  private final Slots slots;
  private final Map<String, Long> workspaces = new HashMap<>();

  /** Bytes that each forward step leaves for the backward pass. */
  private final long[] saved;

  /** Bytes that are alive behind each forward step, for later ones to read. */
  private final long[] alive;

  private final Map<Slot, Integer> makers = new HashMap<>();

  /**
   * Looks at a plan.
   *
   * @param workspaceBytes what a forward step leaves for its backward step, for the whole batch
   * @param slots makes the new slots
   */
  Recompute(Plan plan, int batch, ToLongFunction<Forward> workspaceBytes, Slots slots) {
    this.plan = plan;
    this.batch = batch;
    this.workspaceBytes = workspaceBytes;
    this.slots = slots;
    List<Forward> forward = plan.forward();
    for (int index = 0; index < forward.size(); index++) {
      for (Slot slot : forward.get(index).writes()) {
        makers.put(slot, index);
      }
    }
    saved = new long[forward.size()];
    Map<Slot, Long> sizes = sizes(plan);
    Set<Slot> counted = new HashSet<>();
    for (Step step : plan.backward()) {
      for (Slot slot : step.reads()) {
        Integer maker = makers.get(slot);
        if (maker != null && counted.add(slot)) {
          saved[maker] += sizes.getOrDefault(slot, 0L);
        }
      }
    }
    alive = alive(sizes);
  }

  private long[] alive(Map<Slot, Long> sizes) {
    List<Forward> forward = plan.forward();
    long[] change = new long[forward.size() + 1];
    Map<Slot, Integer> lastRead = new HashMap<>();
    for (int index = 0; index < forward.size(); index++) {
      for (Slot slot : forward.get(index).reads()) {
        lastRead.put(slot, index);
      }
    }
    lastRead.forEach(
        (slot, last) -> {
          long bytes = sizes.getOrDefault(slot, 0L);
          change[makers.getOrDefault(slot, 0)] += bytes;
          change[last] -= bytes;
        });
    long[] bytes = new long[forward.size()];
    long sum = 0;
    for (int index = 0; index < bytes.length; index++) {
      sum += change[index];
      bytes[index] = sum;
    }
    return bytes;
  }

  /**
   * The plan that computes least twice and keeps its slots within a number of bytes.
   *
   * @throws InputException if none does, with what is needed
   */
  Plan within(long budget) {
    if (bytes(plan) <= budget) {
      return plan;
    }
    List<Integer> smallest = List.of();
    long least = Long.MAX_VALUE;
    for (List<Integer> ends : candidates()) {
      Plan candidate = repeating(ends, ends.size());
      Map<Slot, Long> sizes = sizes(candidate);
      long bytes = MemoryPlan.mostAlive(candidate, slot -> sizes.getOrDefault(slot, 0L));
      if (bytes < least) {
        least = bytes;
        smallest = ends;
      }
    }
    least = bytes(repeating(smallest, smallest.size()));
    if (least > budget) {
      long fixed = least - budget;
      throw new InputException(
          "the memory does not suffice: %d MB more are needed even if most is computed twice; allow more, or take a smaller batch"
              .formatted((fixed + 999_999) / 1_000_000));
    }
    // Enough segments are repeated when `most` are; as few as possible should be.
    int few = 0;
    int most = smallest.size();
    while (few + 1 < most) {
      int middle = (few + most) / 2;
      if (bytes(repeating(smallest, middle)) <= budget) {
        most = middle;
      } else {
        few = middle;
      }
    }
    return repeating(smallest, most);
  }

  /** Ways to cut the network into segments, from a few large ones to many small ones. */
  private List<List<Integer>> candidates() {
    long total = 0;
    for (long bytes : saved) {
      total += bytes;
    }
    List<List<Integer>> candidates = new ArrayList<>();
    for (double segments = 2; segments <= saved.length; segments *= 1.5) {
      List<Integer> ends = ends((long) (total / segments));
      if (candidates.isEmpty() || !candidates.get(candidates.size() - 1).equals(ends)) {
        candidates.add(ends);
      }
    }
    return candidates;
  }

  /**
   * Where segments end (the index behind the last step), each as late as it keeps no more than so
   * many bytes, but where least is alive. What follows the last end is never repeated: its backward
   * steps come at once.
   */
  private List<Integer> ends(long most) {
    List<Integer> ends = new ArrayList<>();
    long kept = 0;
    int best = -1;
    for (int index = 0; index < saved.length; index++) {
      kept += saved[index];
      if (2 * kept >= most && (best < 0 || alive[index] <= alive[best])) {
        best = index;
      }
      if (kept >= most && best >= 0 && best + 1 < saved.length) {
        ends.add(best + 1);
        index = best;
        kept = 0;
        best = -1;
      }
    }
    return ends;
  }

  /** The plan in which the first segments are repeated. */
  private Plan repeating(List<Integer> ends, int segments) {
    int[] segmentOf = new int[plan.forward().size()];
    int segment = 0;
    for (int index = 0; index < segmentOf.length; index++) {
      while (segment < segments && index >= ends.get(segment)) {
        segment++;
      }
      segmentOf[index] = segment;
    }
    return new Repetition(segmentOf, segments).plan();
  }

  private long bytes(Plan candidate) {
    Map<Slot, Long> sizes = sizes(candidate);
    return MemoryPlan.of(candidate, slot -> sizes.getOrDefault(slot, 0L), false).bytes();
  }

  private Map<Slot, Long> sizes(Plan candidate) {
    return MemoryPlan.sizes(
        candidate,
        batch,
        step -> workspaces.computeIfAbsent(step.name(), name -> workspaceBytes.applyAsLong(step)));
  }

  /** One way to repeat: segments from 0 to {@code repeated - 1} are. */
  private final class Repetition {
    private final int[] segmentOf;
    private final int repeated;
    private final Set<Slot> boundaries = new HashSet<>();
    private final Map<Slot, Slot> again = new HashMap<>();
    private final List<Step> backward = new ArrayList<>();

    Repetition(int[] segmentOf, int repeated) {
      this.segmentOf = segmentOf;
      this.repeated = repeated;
      List<Forward> forward = plan.forward();
      for (int index = 0; index < forward.size(); index++) {
        for (Slot slot : forward.get(index).reads()) {
          Integer maker = makers.get(slot);
          if (maker != null && segmentOf[maker] != segmentOf[index]) {
            boundaries.add(slot);
          }
        }
      }
      boundaries.addAll(plan.outputs().values());
    }

    Plan plan() {
      Map<Integer, List<Backward>> derivatives = new HashMap<>();
      for (Step step : plan.backward()) {
        if (step instanceof Backward derivative) {
          derivatives
              .computeIfAbsent(segment(derivative), key -> new ArrayList<>())
              .add(derivative);
        }
      }
      Set<Integer> begun = new HashSet<>();
      for (Step step : plan.backward()) {
        if (step instanceof Backward derivative && segment(derivative) < repeated) {
          int segment = segment(derivative);
          if (begun.add(segment)) {
            repeat(segment, derivatives.getOrDefault(segment, List.of()));
          }
          backward.add(derivative.of(moved(derivative.forward())));
        } else {
          backward.add(step);
        }
      }
      return new Plan(
          plan.input(), plan.forward(), backward, plan.outputs(), plan.seeds(), plan.gradients());
    }

    private int segment(Backward derivative) {
      return segmentOf[makers.getOrDefault(derivative.forward().output(), 0)];
    }

    /** Adds those of a segment's forward steps whose results its backward steps read. */
    private void repeat(int segment, List<Backward> derivatives) {
      Set<Slot> needed = new HashSet<>();
      derivatives.forEach(derivative -> needed.addAll(derivative.reads()));
      List<Forward> steps = new ArrayList<>();
      for (int index = segmentOf.length - 1; index >= 0; index--) {
        Forward step = plan.forward().get(index);
        // What makes a boundary stays as it is, with all that it left.
        if (segmentOf[index] == segment
            && !boundaries.contains(step.output())
            && step.writes().stream().anyMatch(needed::contains)) {
          needed.addAll(step.reads());
          steps.add(0, step);
        }
      }
      for (Forward step : steps) {
        for (Slot slot : step.writes()) {
          again.put(slot, slots.make(slot.name(), slot.shape(), slot.kind()));
        }
        backward.add(moved(step));
      }
    }

    private Forward moved(Forward step) {
      return step.again(slot -> again.getOrDefault(slot, slot));
    }
  }
}
