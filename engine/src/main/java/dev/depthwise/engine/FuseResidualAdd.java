package dev.depthwise.engine;

import dev.depthwise.network.Add;
import dev.depthwise.network.Conv2d;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lets the last convolution of a residual body add the shortcut to its result, in the shortcut's
 * place: nobody may read either afterwards.
 */
final class FuseResidualAdd implements PlanPass {
  @Override
  public Plan apply(Plan plan) {
    List<Forward> steps = new ArrayList<>(plan.forward());
    for (Forward add : plan.forward()) {
      if (add.op() instanceof Add) {
        fuse(steps, add, Set.copyOf(plan.outputs().values()));
      }
    }
    return new Plan(plan.input(), steps, List.of(), plan.outputs(), Map.of(), Map.of());
  }

  private static void fuse(List<Forward> steps, Forward add, Set<Slot> outputs) {
    Map<Slot, Integer> makers = new HashMap<>();
    for (int index = 0; index < steps.size(); index++) {
      makers.put(steps.get(index).output(), index);
    }
    Integer left = makers.get(add.inputs().get(0));
    Integer right = makers.get(add.inputs().get(1));
    // The network's input has no maker: its memory is not ours to overwrite.
    if (left == null || right == null || left.equals(right)) {
      return;
    }
    int last = Math.max(left, right);
    Forward body = steps.get(last);
    Slot shortcut = steps.get(Math.min(left, right)).output();
    if (!(body.op() instanceof Conv2d)
        || body.activation() != null
        || body.addend() != null
        || outputs.contains(body.output())
        || outputs.contains(shortcut)) {
      return;
    }
    for (int index = 0; index < steps.size(); index++) {
      Forward reader = steps.get(index);
      boolean readsBody = reader.reads().contains(body.output());
      boolean readsShortcutLater = index >= last && reader.reads().contains(shortcut);
      if (!reader.output().equals(add.output()) && (readsBody || readsShortcutLater)) {
        return;
      }
    }
    steps.set(last, body.withAddend(shortcut, add.output()));
    steps.remove(add);
  }
}
