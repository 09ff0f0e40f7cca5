package dev.depthwise.engine.onednn;

import dev.depthwise.engine.Checks;
import dev.depthwise.engine.Compiler;
import dev.depthwise.engine.Plan;
import dev.depthwise.engine.TrainingExecutable;
import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.engine.UpdateRule;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.dnnl_stream;
import org.jspecify.annotations.Nullable;

/**
 * Training on oneDNN. Statistics are of exactly the pictures of a step, so each count has a program
 * of its own; the least recently used go when there are more than {@value #MOST_PROGRAMS}.
 */
public final class OnednnTraining implements TrainingExecutable {
  private static final int MOST_PROGRAMS = 4;

  private final TrainingOptions options;
  private final Plan plan;
  private final Graph graph;
  private final Map<String, Shape> outputs;
  private final Map<String, Shape> gradientShapes;
  private final Natives natives = new Natives();
  private final dnnl_stream stream;
  private final Arena arena;
  private final TrainedParameters parameters;
  private final Results results;
  private final Results gradients;
  private final Map<Integer, Program> programs = new LinkedHashMap<>(16, 0.75f, true);
  private @Nullable Program last;
  private boolean wentBack;
  private boolean closed;

  static OnednnTraining of(Model model, TrainingOptions options) {
    try (Natives sizes = new Natives()) {
      return new OnednnTraining(
          Compiler.forTraining(model, options, Program.workspaceBytes(options.batch(), sizes)),
          options);
    }
  }

  private OnednnTraining(Compiler.Compiled compiled, TrainingOptions options) {
    this.options = options;
    this.plan = compiled.plan();
    this.graph = compiled.model().graph();
    Map<String, Shape> shapes = new LinkedHashMap<>();
    plan.outputs().forEach((name, slot) -> shapes.put(name, slot.shape()));
    this.outputs = Collections.unmodifiableMap(shapes);
    this.results = new Results(outputs, options.batch());
    this.gradientShapes = new LinkedHashMap<>();
    plan.gradients().forEach((name, slot) -> gradientShapes.put(name, slot.shape()));
    this.gradients = new Results(gradientShapes, options.batch());
    Threads.use(options.threads());
    this.stream = natives.stream();
    this.arena = new Arena(natives);
    this.parameters = new TrainedParameters(graph, options.derivatives().trained(), natives);
    try {
      parameters.load(compiled.model().weights());
      program(options.batch());
    } catch (RuntimeException fault) {
      close();
      throw fault;
    }
  }

  private Program program(int size) {
    Program known = programs.get(size);
    if (known != null) {
      return known;
    }
    if (programs.size() == MOST_PROGRAMS) {
      Integer oldest = programs.keySet().iterator().next();
      Program gone = programs.remove(oldest);
      if (gone != null) {
        gone.close();
      }
    }
    Program program =
        new Program(plan, size, parameters, arena, options.guards(), options.seed(), stream);
    programs.put(size, program);
    return program;
  }

  @Override
  public Shape input() {
    return plan.input().shape();
  }

  @Override
  public Map<String, Shape> outputs() {
    return outputs;
  }

  @Override
  public int batch() {
    return options.batch();
  }

  @Override
  public void forward(FloatBuffer pictures, int count, long step) {
    Checks.open(closed);
    Checks.pictures(pictures, count, options.batch(), input());
    Threads.use(options.threads());
    // Gone before anything can fail: a program that made room for another is closed.
    last = null;
    wentBack = false;
    Program program = program(count);
    program.input().put(0, pictures, pictures.position(), count * input().size());
    program.forward(step);
    outputs.forEach(
        (name, shape) -> results.take(name, program.output(name), count * shape.size()));
    last = program;
  }

  @Override
  public FloatBuffer output(String name) {
    Checks.open(closed);
    Checks.named("output", name, outputs);
    Checks.ran(last == null ? 0 : last.batch(), "forward");
    return results.view(name);
  }

  @Override
  public void backward(Map<String, FloatBuffer> outputGradients) {
    Checks.open(closed);
    Program program = last;
    Checks.outputGradients(
        outputGradients, outputs, program == null || wentBack ? 0 : program.batch());
    if (program == null) {
      return;
    }
    Threads.use(options.threads());
    outputGradients.forEach(
        (name, gradient) ->
            program
                .seed(name)
                .put(
                    0,
                    gradient,
                    gradient.position(),
                    program.batch() * Checks.named("output", name, outputs).size()));
    program.backward();
    parameters.addAccumulated();
    gradientShapes.forEach(
        (name, shape) ->
            gradients.take(name, program.gradient(name), program.batch() * shape.size()));
    wentBack = true;
  }

  @Override
  public FloatBuffer gradient(String value) {
    Checks.open(closed);
    Checks.named("gradient", value, gradientShapes);
    requireBackward();
    return gradients.view(value);
  }

  @Override
  public Tensor gradient(Weights.Key key) {
    Checks.open(closed);
    requireBackward();
    return parameters.gradient(key);
  }

  @Override
  public void accumulate() {
    Checks.open(closed);
    requireBackward();
    parameters.accumulate();
  }

  @Override
  public double gradientNorm() {
    Checks.open(closed);
    requireBackward();
    return parameters.gradientNorm();
  }

  private void requireBackward() {
    Checks.ran(wentBack ? 1 : 0, "backward");
  }

  @Override
  public void update(UpdateRule rule) {
    Checks.open(closed);
    requireBackward();
    parameters.update(rule);
  }

  @Override
  public Weights weights() {
    Checks.open(closed);
    return parameters.weights();
  }

  @Override
  public void load(Weights weights) {
    Checks.open(closed);
    weights.verify(graph);
    parameters.load(weights);
  }

  @Override
  public Map<Weights.Key, List<Tensor>> moments() {
    Checks.open(closed);
    return parameters.moments();
  }

  @Override
  public void loadMoments(Map<Weights.Key, List<Tensor>> moments) {
    Checks.open(closed);
    parameters.loadMoments(moments);
  }

  @Override
  public long nativeBytes() {
    return natives.bytes() + programs.values().stream().mapToLong(Program::bytes).sum();
  }

  /**
   * Runs forward and backward once more on what the last step was given, taking the time of each
   * call: where the time goes.
   *
   * @throws IllegalStateException before the first {@link #forward}
   */
  public List<StepTime> profile() {
    Checks.open(closed);
    Program program = last;
    if (program == null) {
      throw new IllegalStateException("there is nothing yet: call forward first");
    }
    Threads.use(options.threads());
    return program.profile(0);
  }

  @Override
  public void verifyGuards() {
    Checks.open(closed);
    programs.values().forEach(Program::verifyGuards);
  }

  @Override
  public void close() {
    closed = true;
    last = null;
    programs.values().forEach(Program::close);
    programs.clear();
    natives.close();
  }
}
