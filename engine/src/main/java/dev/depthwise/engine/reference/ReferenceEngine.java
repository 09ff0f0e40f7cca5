package dev.depthwise.engine.reference;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Compiler;
import dev.depthwise.engine.Engine;
import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.network.Model;

/**
 * Plain Java in double precision, on one thread: what every other engine is held against.
 *
 * <p>It is itself held against central finite differences.
 */
public final class ReferenceEngine implements Engine {
  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String description() {
    return "plain Java in double precision, 1 thread: slow, for checking the others";
  }

  @Override
  public boolean isAvailable() {
    return true;
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public ReferenceExecutable compile(Model model, CompileOptions options) {
    Compiler.Compiled compiled = Compiler.forInference(model, options);
    Compiler.requireOps(compiled.model(), Kernels.ALL.keySet(), name());
    return new ReferenceExecutable(model, options, compiled);
  }

  @Override
  public ReferenceTraining compileTraining(Model model, TrainingOptions options) {
    Compiler.Compiled compiled =
        Compiler.forTraining(
            model,
            options,
            step -> 4L * Kernels.of(step.op()).workspaceSize(step, options.batch()));
    Compiler.requireOps(compiled.model(), Kernels.ALL.keySet(), name());
    return new ReferenceTraining(options, compiled);
  }
}
