package dev.depthwise.engine.reference;

import dev.depthwise.engine.Checks;
import dev.depthwise.engine.Compiler;
import dev.depthwise.engine.Plan;
import dev.depthwise.engine.Slot;
import dev.depthwise.engine.TrainingExecutable;
import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.engine.UpdateRule;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network compiled for training by the {@link ReferenceEngine}.
 *
 * <p>Besides the interface it has a door in double precision, so that finite differences can be
 * taken of it. Parameters and moments are kept in double precision from step to step.
 */
public final class ReferenceTraining implements TrainingExecutable {
  private final TrainingOptions options;
  private final Plan plan;
  private final Map<Weights.Key, Shape> parameters;
  private final Memory memory;
  private final Map<Weights.Key, double[][]> moments = new LinkedHashMap<>();
  private final Map<Weights.Key, double[]> accumulated = new LinkedHashMap<>();
  private boolean forwarded;
  private boolean differentiated;
  private boolean closed;

  ReferenceTraining(TrainingOptions options, Compiler.Compiled compiled) {
    this.options = options;
    this.plan = compiled.plan();
    this.parameters = compiled.model().graph().parameters();
    this.memory = new Memory(compiled, options.batch(), options.seed());
  }

  @Override
  public Shape input() {
    return plan.input().shape();
  }

  @Override
  public Map<String, Shape> outputs() {
    return ReferenceExecutable.shapes(plan);
  }

  @Override
  public int batch() {
    return options.batch();
  }

  @Override
  public void forward(FloatBuffer pictures, int count, long step) {
    Checks.open(closed);
    Checks.pictures(pictures, count, batch(), input());
    memory.write(plan.input(), pictures, count);
    run(count, step);
  }

  /** {@link #forward(FloatBuffer, int, long)} from double precision. */
  public void forward(double[] pictures, int count, long step) {
    Checks.open(closed);
    memory.write(plan.input(), pictures, count);
    run(count, step);
  }

  private void run(int count, long step) {
    memory.forward(count, step);
    forwarded = true;
    differentiated = false;
  }

  @Override
  public FloatBuffer output(String name) {
    return memory.read(outputSlot(name));
  }

  /** {@link #output} in double precision, copied. */
  public double[] outputExactly(String name) {
    return memory.readExactly(outputSlot(name));
  }

  private Slot outputSlot(String name) {
    Checks.open(closed);
    Slot slot = Checks.named("output", name, plan.outputs());
    Checks.ran(memory.count(), "forward");
    return slot;
  }

  @Override
  public void backward(Map<String, FloatBuffer> outputGradients) {
    Checks.open(closed);
    Checks.outputGradients(outputGradients, outputs(), forwarded ? memory.count() : 0);
    outputGradients.forEach(
        (name, gradient) ->
            memory.write(Checks.named("output", name, plan.seeds()), gradient, memory.count()));
    differentiate();
  }

  /** {@link #backward} from double precision. */
  public void backwardExactly(Map<String, double[]> outputGradients) {
    Checks.open(closed);
    Checks.ran(forwarded ? memory.count() : 0, "forward");
    plan.seeds()
        .forEach(
            (name, seed) ->
                memory.write(
                    seed, Checks.named("gradient", name, outputGradients), memory.count()));
    differentiate();
  }

  private void differentiate() {
    memory.backward();
    accumulated.forEach(
        (key, sum) -> {
          double[] gradient = Checks.trained(key, memory.gradients());
          Arrays.setAll(gradient, index -> gradient[index] + sum[index]);
        });
    forwarded = false;
    differentiated = true;
  }

  @Override
  public FloatBuffer gradient(String value) {
    return memory.read(gradientSlot(value));
  }

  /** {@link #gradient(String)} in double precision, copied. */
  public double[] gradientExactly(String value) {
    return memory.readExactly(gradientSlot(value));
  }

  private Slot gradientSlot(String value) {
    Checks.open(closed);
    Slot slot = Checks.named("gradient by", value, plan.gradients());
    requireBackward();
    return slot;
  }

  @Override
  public Tensor gradient(Weights.Key key) {
    double[] gradient = liveGradient(key);
    return Memory.rounded(shape(key), gradient);
  }

  /** {@link #gradient(Weights.Key)} in double precision, copied. */
  public double[] gradientExactly(Weights.Key key) {
    return liveGradient(key).clone();
  }

  private double[] liveGradient(Weights.Key key) {
    Checks.open(closed);
    double[] gradient = Checks.trained(key, memory.gradients());
    requireBackward();
    return gradient;
  }

  @Override
  public void accumulate() {
    Checks.open(closed);
    requireBackward();
    memory.gradients().forEach((key, gradient) -> accumulated.put(key, gradient.clone()));
  }

  @Override
  public double gradientNorm() {
    Checks.open(closed);
    requireBackward();
    return Math.sqrt(
        memory.gradients().values().stream()
            .flatMapToDouble(Arrays::stream)
            .map(value -> value * value)
            .sum());
  }

  private void requireBackward() {
    Checks.ran(differentiated ? memory.count() : 0, "backward");
  }

  /** A parameter in double precision: what is written to the array is what the next step uses. */
  public double[] parameter(Weights.Key key) {
    Checks.open(closed);
    return memory.parameter(key);
  }

  @Override
  public void update(UpdateRule rule) {
    Checks.open(closed);
    requireBackward();
    if (moments.isEmpty()) {
      memory
          .gradients()
          .forEach(
              (key, gradient) -> moments.put(key, new double[rule.moments()][gradient.length]));
    }
    moments.forEach(
        (key, kept) -> {
          Checks.momentCount(rule, kept.length);
          double[] gradient = memory.gradients().get(key);
          if (gradient == null) {
            throw new IllegalStateException("moments of a parameter that is not trained: " + key);
          }
          rule.update(key, memory.parameter(key), gradient.clone(), kept, gradient.length);
        });
    accumulated.clear();
  }

  @Override
  public Weights weights() {
    Checks.open(closed);
    return memory.weights();
  }

  @Override
  public void load(Weights weights) {
    Checks.open(closed);
    memory.load(weights);
  }

  @Override
  public Map<Weights.Key, List<Tensor>> moments() {
    Checks.open(closed);
    Map<Weights.Key, List<Tensor>> tensors = new LinkedHashMap<>();
    moments.forEach(
        (key, kept) ->
            tensors.put(
                key,
                Arrays.stream(kept).map(values -> Memory.rounded(shape(key), values)).toList()));
    return tensors;
  }

  @Override
  public void loadMoments(Map<Weights.Key, List<Tensor>> loaded) {
    Checks.open(closed);
    Map<Weights.Key, Shape> trained = new LinkedHashMap<>();
    memory.gradients().keySet().forEach(key -> trained.put(key, shape(key)));
    Checks.moments(loaded, trained);
    moments.clear();
    loaded.forEach(
        (key, tensors) -> {
          List<double[]> kept = new ArrayList<>();
          for (Tensor tensor : tensors) {
            FloatBuffer values = tensor.values();
            double[] exact = new double[values.remaining()];
            Arrays.setAll(exact, values::get);
            kept.add(exact);
          }
          moments.put(key, kept.toArray(new double[0][]));
        });
  }

  private Shape shape(Weights.Key key) {
    Shape shape = parameters.get(key);
    if (shape == null) {
      throw new IllegalArgumentException("the network has no parameter " + key);
    }
    return shape;
  }

  @Override
  public long nativeBytes() {
    return 0;
  }

  @Override
  public void verifyGuards() {
    Checks.open(closed);
    ReferenceExecutable.requireGuards(options.guards());
  }

  @Override
  public void close() {
    closed = true;
  }
}
