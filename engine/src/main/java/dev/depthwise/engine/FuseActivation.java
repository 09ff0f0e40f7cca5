package dev.depthwise.engine;

import dev.depthwise.network.Activation;
import dev.depthwise.network.Add;
import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Dense;
import dev.depthwise.network.Op;
import dev.depthwise.network.Relu;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lets a step apply the function that follows it, where only that one reads what it makes. */
final class FuseActivation implements PlanPass {
  /** Backward, these have a kernel that starts from the rectified output; the others have none. */
  private static final Map<Class<? extends Op>, Set<Class<? extends Op>>> WITH_DERIVATIVE =
      Map.of(Relu.class, Set.of(Add.class, BatchNorm.class));

  /** What may follow, and behind what. */
  private static final Map<Class<? extends Op>, Set<Class<? extends Op>>> FORWARD_ONLY =
      Map.of(
          Activation.class,
          Set.of(Add.class, Conv2d.class, Dense.class),
          Relu.class,
          Set.of(Add.class, BatchNorm.class, Conv2d.class, Dense.class));

  private final Map<Class<? extends Op>, Set<Class<? extends Op>>> hosts;

  private final Set<Slot> kept;

  private FuseActivation(Map<Class<? extends Op>, Set<Class<? extends Op>>> hosts, Set<Slot> kept) {
    this.hosts = hosts;
    this.kept = kept;
  }

  static FuseActivation forInference() {
    return new FuseActivation(FORWARD_ONLY, Set.of());
  }

  /** Fuses where a derivative of the pair exists; keeps the values whose gradient is asked for. */
  static FuseActivation forTraining(Set<Slot> kept) {
    return new FuseActivation(WITH_DERIVATIVE, kept);
  }

  @Override
  public Plan apply(Plan plan) {
    Map<Slot, Integer> readers = new HashMap<>();
    kept.forEach(slot -> readers.merge(slot, 1, Integer::sum));
    plan.outputs().values().forEach(slot -> readers.merge(slot, 1, Integer::sum));
    plan.forward().forEach(step -> step.reads().forEach(s -> readers.merge(s, 1, Integer::sum)));
    List<Forward> steps = new ArrayList<>();
    Map<Slot, Integer> makers = new HashMap<>();
    for (Forward step : plan.forward()) {
      Set<Class<? extends Op>> behind = hosts.getOrDefault(step.op().getClass(), Set.of());
      Integer maker = behind.isEmpty() ? null : makers.get(step.inputs().get(0));
      if (maker != null
          && readers.getOrDefault(step.inputs().get(0), 0) == 1
          && behind.contains(steps.get(maker).op().getClass())
          && steps.get(maker).activation() == null) {
        steps.set(maker, steps.get(maker).withActivation(step.op(), step.output()));
        makers.put(step.output(), maker);
      } else {
        makers.put(step.output(), steps.size());
        steps.add(step);
      }
    }
    return new Plan(plan.input(), steps, List.of(), plan.outputs(), Map.of(), Map.of());
  }
}
