package dev.depthwise.engine;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What runs, in order, for any batch size: the forward steps, then (in training) the backward ones.
 *
 * <p>A plan that exists is sound: every slot is written once, and before it is read.
 *
 * @param input the pictures
 * @param forward from the input to the outputs
 * @param backward from the seeds to the gradients; empty for inference
 * @param outputs the results, by name; they stay readable to the end
 * @param seeds the derivatives of the loss by the outputs, written from outside between forward and
 *     backward; empty for inference
 * @param gradients derivatives by named values that were asked for; they stay readable to the end
 */
public record Plan(
    Slot input,
    List<Forward> forward,
    List<Step> backward,
    Map<String, Slot> outputs,
    Map<String, Slot> seeds,
    Map<String, Slot> gradients) {
  public Plan {
    forward = List.copyOf(forward);
    backward = List.copyOf(backward);
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    seeds = Collections.unmodifiableMap(new LinkedHashMap<>(seeds));
    gradients = Collections.unmodifiableMap(new LinkedHashMap<>(gradients));
    verify(input, forward, backward, outputs, seeds, gradients);
  }

  /** All steps in the order in which they run. */
  public List<Step> steps() {
    return Stream.<Step>concat(forward.stream(), backward.stream()).toList();
  }

  private static void verify(
      Slot input,
      List<Forward> forward,
      List<Step> backward,
      Map<String, Slot> outputs,
      Map<String, Slot> seeds,
      Map<String, Slot> gradients) {
    Set<Slot> written = new HashSet<>();
    written.add(input);
    forward.forEach(step -> verify(step, written));
    written.addAll(seeds.values());
    backward.forEach(step -> verify(step, written));
    for (Slot slot : outputs.values()) {
      require(written.contains(slot), "no step makes output " + slot);
    }
    for (Slot slot : gradients.values()) {
      require(written.contains(slot), "no step makes gradient " + slot);
    }
  }

  private static void verify(Step step, Set<Slot> written) {
    for (Slot slot : step.reads()) {
      require(written.contains(slot), step.name() + " reads " + slot + " before it is written");
    }
    for (Slot slot : step.writes()) {
      require(written.add(slot), step.name() + " writes " + slot + ", which is written already");
    }
  }

  private static void require(boolean sound, String fault) {
    if (!sound) {
      throw new IllegalStateException("unsound plan: " + fault);
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    forward.forEach(step -> text.append(step).append('\n'));
    if (!backward.isEmpty()) {
      text.append("-- backward\n");
      backward.forEach(step -> text.append(step).append('\n'));
    }
    return text.toString();
  }
}
