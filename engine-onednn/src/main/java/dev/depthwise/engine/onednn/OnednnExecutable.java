package dev.depthwise.engine.onednn;

import dev.depthwise.engine.Checks;
import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Compiler;
import dev.depthwise.engine.Executable;
import dev.depthwise.engine.Plan;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.dnnl_stream;

/**
 * Inference on oneDNN. Each batch size that is a power of two, and the largest, has a program;
 * other counts run in the next larger one, padded with pictures that were there before.
 */
final class OnednnExecutable implements Executable {
  private final CompileOptions options;
  private final Plan plan;
  private final Shape input;
  private final Map<String, Shape> outputs;
  private final Natives natives = new Natives();
  private final dnnl_stream stream;
  private final Arena arena;
  private final PackedParameters parameters;
  private final Results results;
  private final Map<Integer, Program> programs = new HashMap<>();
  private final Graph graph;
  private int count;
  private boolean closed;

  OnednnExecutable(Compiler.Compiled compiled, CompileOptions options, Graph original) {
    this.options = options;
    this.plan = compiled.plan();
    this.graph = original;
    this.input = plan.input().shape();
    Map<String, Shape> shapes = new LinkedHashMap<>();
    plan.outputs().forEach((name, slot) -> shapes.put(name, slot.shape()));
    this.outputs = Collections.unmodifiableMap(shapes);
    this.results = new Results(outputs, options.batch());
    Threads.use(options.threads());
    this.stream = natives.stream();
    this.arena = new Arena(natives);
    this.parameters = new PackedParameters(natives, stream, compiled.model().weights());
    try {
      program(options.batch());
    } catch (RuntimeException fault) {
      close();
      throw fault;
    }
  }

  private Program program(int size) {
    return programs.computeIfAbsent(
        size, batch -> new Program(plan, batch, parameters, arena, options.guards(), 0, stream));
  }

  @Override
  public Shape input() {
    return input;
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
  public void run(FloatBuffer pictures, int pictureCount) {
    Checks.open(closed);
    Checks.pictures(pictures, pictureCount, options.batch(), input);
    Threads.use(options.threads());
    int size = Integer.highestOneBit(Math.max(1, 2 * pictureCount - 1));
    Program program = program(Math.min(size, options.batch()));
    program.input().put(0, pictures, pictures.position(), pictureCount * input.size());
    program.forward(0);
    outputs.forEach(
        (name, shape) -> results.take(name, program.output(name), pictureCount * shape.size()));
    count = pictureCount;
  }

  @Override
  public FloatBuffer output(String name) {
    Checks.open(closed);
    Checks.named("output", name, outputs);
    Checks.ran(count, "run");
    return results.view(name);
  }

  @Override
  public void load(Weights weights) {
    Checks.open(closed);
    parameters.load(Compiler.simplify(new Model(graph, weights), options).weights());
  }

  @Override
  public long nativeBytes() {
    return natives.bytes() + programs.values().stream().mapToLong(Program::bytes).sum();
  }

  /** What runs, with the kernels that oneDNN chose. */
  List<StepTime> profile() {
    return program(options.batch()).profile(0);
  }

  @Override
  public void verifyGuards() {
    Checks.open(closed);
    programs.values().forEach(Program::verifyGuards);
  }

  @Override
  public void close() {
    closed = true;
    programs.values().forEach(Program::close);
    programs.clear();
    natives.close();
  }
}
