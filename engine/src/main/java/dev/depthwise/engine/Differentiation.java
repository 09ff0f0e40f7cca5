package dev.depthwise.engine;

import dev.depthwise.engine.Backward.Saved;
import dev.depthwise.network.Activation;
import dev.depthwise.network.Add;
import dev.depthwise.network.AveragePool;
import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Concat;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Crop;
import dev.depthwise.network.Dense;
import dev.depthwise.network.Dropout;
import dev.depthwise.network.Flatten;
import dev.depthwise.network.GlobalAveragePool;
import dev.depthwise.network.Input;
import dev.depthwise.network.LayerNorm;
import dev.depthwise.network.LayerScale;
import dev.depthwise.network.LocalResponseNorm;
import dev.depthwise.network.MaxPool;
import dev.depthwise.network.Multiply;
import dev.depthwise.network.Op;
import dev.depthwise.network.PRelu;
import dev.depthwise.network.PadChannels;
import dev.depthwise.network.Parameter;
import dev.depthwise.network.Relu;
import dev.depthwise.network.Role;
import dev.depthwise.network.Scale;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Softmax;
import dev.depthwise.network.Standardization;
import dev.depthwise.network.StochasticDepth;
import dev.depthwise.network.Subsample;
import dev.depthwise.network.Upsample;
import dev.depthwise.network.Weights;
import dev.depthwise.network.ZeroPad;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Derives a plan's backward steps from its forward steps (reverse mode), towards parameters and
 * towards named values. Steps that lead to neither are never made.
 */
final class Differentiation {
  /** What each operation's backward step reads of its forward step. */
  static final Map<Class<? extends Op>, Set<Saved>> SAVED =
      Map.ofEntries(
          Map.entry(Activation.class, Set.of(Saved.INPUTS, Saved.OUTPUT)),
          Map.entry(Add.class, Set.of()),
          Map.entry(AveragePool.class, Set.of()),
          Map.entry(BatchNorm.class, Set.of(Saved.INPUTS, Saved.WORKSPACE)),
          Map.entry(Concat.class, Set.of()),
          Map.entry(Conv2d.class, Set.of(Saved.INPUTS)),
          Map.entry(Crop.class, Set.of()),
          Map.entry(Dense.class, Set.of(Saved.INPUTS)),
          Map.entry(Dropout.class, Set.of(Saved.WORKSPACE)),
          Map.entry(Flatten.class, Set.of()),
          Map.entry(GlobalAveragePool.class, Set.of()),
          Map.entry(Input.class, Set.of()),
          Map.entry(LayerNorm.class, Set.of(Saved.INPUTS, Saved.WORKSPACE)),
          Map.entry(LayerScale.class, Set.of(Saved.INPUTS)),
          Map.entry(LocalResponseNorm.class, Set.of(Saved.INPUTS, Saved.WORKSPACE)),
          Map.entry(MaxPool.class, Set.of(Saved.WORKSPACE)),
          Map.entry(Multiply.class, Set.of(Saved.INPUTS)),
          Map.entry(PRelu.class, Set.of(Saved.INPUTS)),
          Map.entry(PadChannels.class, Set.of()),
          Map.entry(Relu.class, Set.of(Saved.OUTPUT)),
          Map.entry(Scale.class, Set.of()),
          Map.entry(Softmax.class, Set.of(Saved.OUTPUT)),
          Map.entry(Standardization.class, Set.of()),
          Map.entry(StochasticDepth.class, Set.of(Saved.WORKSPACE)),
          Map.entry(Subsample.class, Set.of()),
          Map.entry(Upsample.class, Set.of()),
          Map.entry(ZeroPad.class, Set.of()));

  private final Plan plan;
  private final Derivatives derivatives;
  private final Set<Slot> wanted;
  private final Slots slots;
  private final Set<Slot> active = new HashSet<>();
  private final Map<Slot, List<Slot>> contributions = new HashMap<>();
  private final List<Step> backward = new ArrayList<>();

  private Differentiation(Plan plan, Derivatives derivatives, Set<Slot> wanted, Slots slots) {
    this.plan = plan;
    this.derivatives = derivatives;
    this.wanted = wanted;
    this.slots = slots;
  }

  /**
   * Adds the backward steps to a plan.
   *
   * @param derivatives which parameters get a gradient, and how it passes through rectifiers
   * @param wanted values that get one, by the name under which it is found
   * @param slots makes the new slots
   */
  static Plan differentiate(
      Plan plan, Derivatives derivatives, Map<String, Slot> wanted, Slots slots) {
    return new Differentiation(plan, derivatives, Set.copyOf(wanted.values()), slots).run(wanted);
  }

  private Plan run(Map<String, Slot> names) {
    markActive();
    Map<String, Slot> seeds = new LinkedHashMap<>();
    plan.outputs()
        .forEach(
            (name, output) -> {
              Slot seed = slots.make("d" + name, output.shape(), Slot.Kind.GRADIENT);
              seeds.put(name, seed);
              contribute(output, seed);
            });
    Map<Slot, Slot> gradients = new HashMap<>();
    for (int index = plan.forward().size() - 1; index >= 0; index--) {
      Forward step = plan.forward().get(index);
      Slot gradient = total(step.output());
      if (gradient != null) {
        gradients.put(step.output(), gradient);
        boolean plain = !(step.op() instanceof Relu) || derivatives.reluRule() == ReluRule.PLAIN;
        differentiate(step, plain ? gradient : rectified(step, gradient));
      }
    }
    Slot inputGradient = total(plan.input());
    if (inputGradient != null) {
      gradients.put(plan.input(), inputGradient);
    }
    Map<String, Slot> found = new LinkedHashMap<>();
    names.forEach(
        (name, slot) -> {
          Slot gradient = gradients.get(slot);
          if (gradient == null) {
            throw new IllegalArgumentException("no output depends on " + name);
          }
          found.put(name, gradient);
        });
    return new Plan(plan.input(), plan.forward(), backward, plan.outputs(), seeds, found);
  }

  /** Finds the slots whose gradient leads to something that is asked for. */
  private void markActive() {
    if (wanted.contains(plan.input())) {
      active.add(plan.input());
    }
    for (Forward step : plan.forward()) {
      if (wanted.contains(step.output())
          || !trainedRoles(step).isEmpty()
          || step.inputs().stream().anyMatch(active::contains)) {
        active.add(step.output());
      }
    }
  }

  private Set<Role> trainedRoles(Forward step) {
    List<Shape> shapes = step.inputs().stream().map(Slot::shape).toList();
    return step.op().parameters(shapes).stream()
        .map(Parameter::role)
        .filter(Role::isLearned)
        .filter(role -> derivatives.trained().test(new Weights.Key(step.name(), role)))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class)));
  }

  private void contribute(Slot value, Slot gradient) {
    if (active.contains(value)) {
      contributions.computeIfAbsent(value, ignored -> new ArrayList<>()).add(gradient);
    }
  }

  /** The whole gradient of a value, or null where nothing is asked for or nothing comes back. */
  private @Nullable Slot total(Slot value) {
    List<Slot> parts = contributions.getOrDefault(value, List.of());
    if (parts.size() < 2) {
      return parts.isEmpty() ? null : parts.get(0);
    }
    Slot sum = slots.make("d" + value.name(), value.shape(), Slot.Kind.GRADIENT);
    backward.add(new Sum(value.name(), parts, sum));
    return sum;
  }

  private void differentiate(Forward step, Slot outputGradient) {
    if (step.addend() != null) {
      throw new IllegalStateException(step.name() + ": a fused sum has no derivative");
    }
    if (step.activation() instanceof Activation) {
      throw new IllegalStateException(step.name() + ": of fused functions only relu has one");
    }
    Set<Role> roles = trainedRoles(step);
    boolean passedOn = step.inputs().stream().anyMatch(active::contains);
    if (!passedOn && roles.isEmpty()) {
      return;
    }
    if (step.op() instanceof Add && step.activation() == null) {
      // The derivative of a sum by each part is the derivative by the sum: nothing to run.
      step.inputs().forEach(input -> contribute(input, outputGradient));
      return;
    }
    if (step.op() instanceof Relu && derivatives.reluRule() == ReluRule.DECONVOLUTION) {
      contribute(step.inputs().get(0), outputGradient);
      return;
    }
    List<@Nullable Slot> inputGradients = new ArrayList<>();
    if (step.op() instanceof Add) {
      Slot shared = gradientOf(step.output());
      inputGradients.addAll(Collections.nCopies(step.inputs().size(), shared));
    } else {
      for (Slot input : step.inputs()) {
        inputGradients.add(active.contains(input) ? gradientOf(input) : null);
      }
    }
    backward.add(new Backward(step, saved(step, roles), outputGradient, inputGradients, roles));
    for (int index = 0; index < step.inputs().size(); index++) {
      Slot gradient = inputGradients.get(index);
      if (gradient != null) {
        contribute(step.inputs().get(index), gradient);
      }
    }
  }

  /** Adds a rectifier over a gradient. */
  private Slot rectified(Forward step, Slot gradient) {
    Slot positive = gradientOf(step.output());
    backward.add(
        new Forward(
            step.name(), step.op(), List.of(gradient), null, positive, false, null, null, false));
    return positive;
  }

  private Slot gradientOf(Slot value) {
    return slots.make("d" + value.name(), value.shape(), Slot.Kind.GRADIENT);
  }

  private static Set<Saved> saved(Forward step, Set<Role> roles) {
    Set<Saved> saved = EnumSet.noneOf(Saved.class);
    saved.addAll(savedBy(step.op()));
    if (step.activation() != null) {
      saved.add(Saved.OUTPUT);
    }
    if (step.workspace() == null) {
      saved.remove(Saved.WORKSPACE);
    }
    boolean onlyKernels = step.op() instanceof Conv2d || step.op() instanceof Dense;
    if ((onlyKernels && !roles.contains(Role.KERNEL))
        || (step.op() instanceof LayerScale && roles.isEmpty())) {
      saved.remove(Saved.INPUTS);
    }
    if (step.op() instanceof Activation activation) {
      saved.remove(isKnownByOutput(activation.function()) ? Saved.INPUTS : Saved.OUTPUT);
    }
    return saved;
  }

  /**
   * Whether a function's derivative follows from what it made: then its input, which often nobody
   * else needs, is not kept.
   */
  private static boolean isKnownByOutput(Activation.Function function) {
    return switch (function) {
      case ELU, LEAKY_RELU, RELU6, SIGMOID, TANH -> true;
      case GELU, GELU_TANH, HARD_SIGMOID, HARD_SWISH, SWISH -> false;
    };
  }

  /** What the backward step of an operation reads. */
  static Set<Saved> savedBy(Op op) {
    Set<Saved> saved = SAVED.get(op.getClass());
    if (saved == null) {
      throw new IllegalStateException("no derivative of " + op.getClass().getSimpleName());
    }
    return saved;
  }
}
