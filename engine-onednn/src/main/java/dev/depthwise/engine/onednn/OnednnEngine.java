package dev.depthwise.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Compiler;
import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Executable;
import dev.depthwise.engine.TrainingExecutable;
import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.network.Model;
import org.bytedeco.dnnl.dnnl_version_t;

/** The fast CPU engine, on the kernels of oneDNN, in single precision. */
public final class OnednnEngine implements Engine {
  /** Creates it; nothing native is loaded before something is asked of it. */
  public OnednnEngine() {}

  @Override
  public String name() {
    return "onednn";
  }

  @Override
  public String description() {
    try {
      dnnl_version_t version = dnnl_version();
      return "oneDNN %d.%d.%d, %s, %d processors, float32%s"
          .formatted(
              version.major(),
              version.minor(),
              version.patch(),
              instructionSet(dnnl_get_effective_cpu_isa()),
              Runtime.getRuntime().availableProcessors(),
              Threads.canSet() ? "" : "; the number of threads cannot be set here");
    } catch (UnsatisfiedLinkError | NoClassDefFoundError absent) {
      return "oneDNN could not be loaded: " + absent.getMessage();
    }
  }

  private static String instructionSet(int isa) {
    if ((isa & dnnl_cpu_isa_avx512_core_amx) == dnnl_cpu_isa_avx512_core_amx) {
      return "AVX-512 with AMX";
    }
    if ((isa & dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16) {
      return "AVX-512 with bf16";
    }
    if ((isa & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core) {
      return "AVX-512";
    }
    if ((isa & dnnl_cpu_isa_avx2) == dnnl_cpu_isa_avx2) {
      return "AVX2";
    }
    return (isa & dnnl_cpu_isa_sse41) == dnnl_cpu_isa_sse41 ? "SSE 4.1" : "no x86 extensions";
  }

  @Override
  public boolean isAvailable() {
    try {
      return dnnl_version() != null;
    } catch (UnsatisfiedLinkError | NoClassDefFoundError absent) {
      return false;
    }
  }

  @Override
  public int priority() {
    return 100;
  }

  @Override
  public Executable compile(Model model, CompileOptions options) {
    Compiler.requireOps(model, Program.LOWERINGS.keySet(), name());
    return new OnednnExecutable(Compiler.forInference(model, options), options, model.graph());
  }

  @Override
  public TrainingExecutable compileTraining(Model model, TrainingOptions options) {
    return training(model, options);
  }

  /** {@link #compileTraining} with what only this engine can tell. */
  public OnednnTraining training(Model model, TrainingOptions options) {
    Compiler.requireOps(model, Program.LOWERINGS.keySet(), name());
    return OnednnTraining.of(model, options);
  }
}
