package dev.depthwise.engine.reference;

import dev.depthwise.engine.Checks;
import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.CompileWatcher;
import dev.depthwise.engine.Compiler;
import dev.depthwise.engine.Executable;
import dev.depthwise.engine.Plan;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Model;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** A network compiled for inference by the {@link ReferenceEngine}. */
public final class ReferenceExecutable implements Executable {
  private final Model model;
  private final CompileOptions options;
  private final Plan plan;
  private final Memory memory;
  private boolean closed;

  ReferenceExecutable(Model model, CompileOptions options, Compiler.Compiled compiled) {
    this.model = model;
    this.options = options;
    this.plan = compiled.plan();
    this.memory = new Memory(compiled, options.batch(), 0);
  }

  @Override
  public Shape input() {
    return plan.input().shape();
  }

  @Override
  public Map<String, Shape> outputs() {
    return shapes(plan);
  }

  static Map<String, Shape> shapes(Plan plan) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    plan.outputs().forEach((name, slot) -> shapes.put(name, slot.shape()));
    return shapes;
  }

  @Override
  public int batch() {
    return options.batch();
  }

  @Override
  public void run(FloatBuffer pictures, int count) {
    Checks.open(closed);
    Checks.pictures(pictures, count, batch(), input());
    memory.write(plan.input(), pictures, count);
    memory.forward(count, 0);
  }

  @Override
  public FloatBuffer output(String name) {
    return memory.read(slot(name));
  }

  /** {@link #output} in double precision, copied. */
  public double[] outputExactly(String name) {
    return memory.readExactly(slot(name));
  }

  private Slot slot(String name) {
    Checks.open(closed);
    Slot slot = Checks.named("output", name, plan.outputs());
    Checks.ran(memory.count(), "run");
    return slot;
  }

  @Override
  public void load(Weights weights) {
    Checks.open(closed);
    Model simplified =
        Compiler.simplify(
            new Model(model.graph(), weights), options.withWatcher(CompileWatcher.NONE));
    memory.load(simplified.weights());
  }

  @Override
  public long nativeBytes() {
    return 0;
  }

  @Override
  public void verifyGuards() {
    Checks.open(closed);
    requireGuards(options.guards());
  }

  /** Java's bounds checks are guards enough; what remains is the contract. */
  static void requireGuards(boolean guards) {
    if (!guards) {
      throw new IllegalStateException("there are no guards: compile with guards");
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
