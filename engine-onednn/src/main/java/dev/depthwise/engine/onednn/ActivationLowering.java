package dev.depthwise.engine.onednn;

import static dev.depthwise.engine.onednn.Emitter.arguments;
import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import java.util.Objects;

/** Functions of each element by itself: oneDNN's, their derivatives from input or output. */
final class ActivationLowering implements Lowering {
  @Override
  public void forward(Emitter emitter, Forward step) {
    apply(
        emitter, "Activation forward", Eltwise.of(step.op()), step.inputs().get(0), step.output());
  }

  /** Adds a function's call. */
  static void apply(Emitter emitter, String kind, Eltwise function, Slot source, Slot output) {
    emitter.call(
        kind,
        function.forward(emitter, emitter.descriptor(output)),
        arguments(DNNL_ARG_SRC, emitter.memory(source)).with(DNNL_ARG_DST, emitter.memory(output)));
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    boolean byOutput = step.saved().contains(Backward.Saved.OUTPUT);
    Eltwise function = Eltwise.of(step.op());
    Slot kept = byOutput ? step.forward().output() : step.forward().inputs().get(0);
    Slot gradient = Objects.requireNonNull(step.inputGradient());
    emitter.call(
        "Activation backward",
        (byOutput ? function.byOutput() : function).backward(emitter, emitter.descriptor(gradient)),
        arguments(byOutput ? DNNL_ARG_DST : DNNL_ARG_SRC, emitter.memory(kept))
            .with(DNNL_ARG_DIFF_DST, emitter.memory(step.outputGradient()))
            .with(DNNL_ARG_DIFF_SRC, emitter.memory(gradient)));
  }
}
