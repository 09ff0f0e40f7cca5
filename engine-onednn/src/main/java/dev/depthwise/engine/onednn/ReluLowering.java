package dev.depthwise.engine.onednn;

import static dev.depthwise.engine.onednn.Emitter.arguments;
import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import java.util.Objects;

/** The rectifier; its derivative looks at its output, so that its input need not be kept. */
final class ReluLowering implements Lowering {
  @Override
  public void forward(Emitter emitter, Forward step) {
    ActivationLowering.apply(
        emitter, "Relu forward", Eltwise.RELU, step.inputs().get(0), step.output());
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    mask(
        emitter,
        "Relu backward",
        step.forward().output(),
        step.outputGradient(),
        Objects.requireNonNull(step.inputGradient()));
  }

  /** Passes a derivative on where the rectified output is positive. */
  static void mask(Emitter emitter, String kind, Slot output, Slot diffDst, Slot diffSrc) {
    emitter.call(
        kind,
        Eltwise.RELU.byOutput().backward(emitter, emitter.descriptor(output)),
        arguments(DNNL_ARG_DST, emitter.memory(output))
            .with(DNNL_ARG_DIFF_DST, emitter.memory(diffDst))
            .with(DNNL_ARG_DIFF_SRC, emitter.memory(diffSrc)));
  }
}
