package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Checks;
import dev.depthwise.engine.Compiler;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Plan;
import dev.depthwise.engine.Slot;
import dev.depthwise.engine.Step;
import dev.depthwise.engine.Sum;
import dev.depthwise.network.Op;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The numbers of one compiled network, and the run over its plan.
 *
 * <p>Each slot has an array of its own, in NCHW order. Nothing is shared on purpose: an engine that
 * lets two living tensors share their bytes is told apart by comparing it with this one, and Java's
 * bounds checks stand where that one has guards.
 */
final class Memory {
  private final Compiler.Compiled compiled;
  private final Map<Slot, double[]> slots = new HashMap<>();
  private final Map<Weights.Key, double[]> parameters = new LinkedHashMap<>();
  private final Map<Weights.Key, double[]> gradients = new LinkedHashMap<>();
  private final int batch;
  private final long seed;
  private int count;
  private long step;

  Memory(Compiler.Compiled compiled, int batch, long seed) {
    this.compiled = compiled;
    this.batch = batch;
    this.seed = seed;
    Plan plan = compiled.plan();
    allocate(plan.input());
    plan.seeds().values().forEach(this::allocate);
    for (Step each : plan.steps()) {
      each.writes().stream()
          .filter(slot -> slot.kind() != Slot.Kind.WORKSPACE)
          .forEach(this::allocate);
      if (each instanceof Forward forward && forward.workspace() != null) {
        slots.put(
            forward.workspace(),
            new double[Kernels.of(forward.op()).workspaceSize(forward, batch)]);
      }
    }
    load(compiled.model().weights());
    for (Weights.Key key : parameters.keySet()) {
      if (isTrained(key)) {
        gradients.put(key, new double[parameters.get(key).length]);
      }
    }
  }

  private void allocate(Slot slot) {
    slots.put(slot, new double[Math.multiplyExact(batch, slot.shape().size())]);
  }

  private boolean isTrained(Weights.Key key) {
    return compiled.plan().backward().stream()
        .anyMatch(
            each ->
                each instanceof Backward backward
                    && backward.name().equals(key.node())
                    && backward.parameterGradients().contains(key.role()));
  }

  /** Replaces the parameters with others of the compiled network. */
  void load(Weights weights) {
    weights.verify(compiled.model().graph());
    for (Weights.Key key : compiled.model().graph().parameters().keySet()) {
      FloatBuffer values = weights.get(key).values();
      double[] parameter = new double[values.remaining()];
      for (int index = 0; index < parameter.length; index++) {
        parameter[index] = values.get(index);
      }
      parameters.put(key, parameter);
    }
  }

  /** The parameters, rounded to single precision. */
  Weights weights() {
    Map<Weights.Key, Tensor> tensors = new LinkedHashMap<>();
    compiled
        .model()
        .graph()
        .parameters()
        .forEach((key, shape) -> tensors.put(key, rounded(shape, parameter(key))));
    return new Weights(tensors);
  }

  static Tensor rounded(Shape shape, double[] values) {
    return Tensor.of(shape, rounded(values, values.length));
  }

  private static float[] rounded(double[] values, int size) {
    float[] result = new float[size];
    for (int index = 0; index < size; index++) {
      result[index] = (float) values[index];
    }
    return result;
  }

  /** The array of a parameter: live. */
  double[] parameter(Weights.Key key) {
    double[] parameter = parameters.get(key);
    if (parameter == null) {
      throw new IllegalArgumentException("the network has no parameter " + key);
    }
    return parameter;
  }

  double[] parameter(Step of, Role role) {
    return parameter(new Weights.Key(of.name(), role));
  }

  /** The gradients of the trained parameters: live. */
  Map<Weights.Key, double[]> gradients() {
    return gradients;
  }

  double[] gradient(Step of, Role role) {
    return Checks.trained(new Weights.Key(of.name(), role), gradients);
  }

  /** The numbers of a slot: live. */
  double[] get(Slot slot) {
    return Objects.requireNonNull(slots.get(slot), slot::toString);
  }

  /** The pictures of this run. */
  int count() {
    return count;
  }

  /** What keys dropout, before the layer does. */
  long seed() {
    return seed;
  }

  /** The number of this training step. */
  long step() {
    return step;
  }

  /** Puts pictures, or the derivative by an output, into their slot. */
  void write(Slot slot, FloatBuffer values, int pictures) {
    double[] target = get(slot);
    int size = pictures * slot.shape().size();
    for (int index = 0; index < size; index++) {
      target[index] = values.get(values.position() + index);
    }
  }

  /** The same from double precision. */
  void write(Slot slot, double[] values, int pictures) {
    System.arraycopy(values, 0, get(slot), 0, pictures * slot.shape().size());
  }

  /** What lies in a slot for the pictures of this run, rounded to single precision. */
  FloatBuffer read(Slot slot) {
    return FloatBuffer.wrap(rounded(get(slot), count * slot.shape().size())).asReadOnlyBuffer();
  }

  /** The same in double precision, copied. */
  double[] readExactly(Slot slot) {
    return Arrays.copyOf(get(slot), count * slot.shape().size());
  }

  /** Runs the forward steps over the pictures in the input slot. */
  void forward(int pictures, long number) {
    count = pictures;
    step = number;
    compiled.plan().forward().forEach(this::run);
  }

  /** Runs an operation and what is fused behind it: {@code activation?(op + addend?)}. */
  private void run(Forward forward) {
    Kernels.of(forward.op()).forward(forward, this);
    double[] output = get(forward.output());
    int size = count * forward.output().shape().size();
    if (forward.addend() != null) {
      double[] addend = get(forward.addend());
      for (int index = 0; index < size; index++) {
        output[index] += addend[index];
      }
    }
    Op activation = forward.activation();
    if (activation != null) {
      for (int index = 0; index < size; index++) {
        output[index] = ActivationKernel.value(activation, output[index]);
      }
    }
  }

  /** Runs the backward steps from what lies in the seeds. */
  void backward() {
    gradients.values().forEach(gradient -> Arrays.fill(gradient, 0));
    for (Step each : compiled.plan().backward()) {
      each.writes().forEach(slot -> Arrays.fill(get(slot), 0));
      if (each instanceof Sum sum) {
        add(sum);
      } else if (each instanceof Backward backward) {
        Op op = backward.op();
        Kernels.of(op).backward(backward, masked(backward), this);
      } else if (each instanceof Forward forward) {
        run(forward);
      }
    }
  }

  private void add(Sum sum) {
    double[] output = get(sum.output());
    for (Slot source : sum.sources()) {
      double[] part = get(source);
      for (int index = 0; index < count * source.shape().size(); index++) {
        output[index] += part[index];
      }
    }
  }

  /** The gradient before the fused rectifier, which lets it pass where its output is positive. */
  private double[] masked(Backward backward) {
    double[] gradient = get(backward.outputGradient());
    if (backward.forward().activation() == null) {
      return gradient;
    }
    double[] output = get(backward.forward().output());
    double[] masked = new double[gradient.length];
    for (int index = 0; index < count * backward.outputGradient().shape().size(); index++) {
      masked[index] = output[index] > 0 ? gradient[index] : 0;
    }
    return masked;
  }
}
