package dev.depthwise.engine.onednn;

import static dev.depthwise.engine.onednn.Emitter.arguments;
import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import java.util.Objects;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/** The rectifier; its derivative looks at its output, so that its input need not be kept. */
final class ReluLowering implements Lowering {
  @Override
  public void forward(Emitter emitter, Forward step) {
    emitter.call(
        "Relu forward",
        descriptor(emitter, step.output()),
        arguments(DNNL_ARG_SRC, emitter.memory(step.inputs().get(0)))
            .with(DNNL_ARG_DST, emitter.memory(step.output())));
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
    dnnl_memory_desc layout = emitter.descriptor(output);
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_eltwise_backward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            dnnl_eltwise_relu_use_dst_for_bwd,
            layout,
            layout,
            layout,
            0,
            0,
            descriptor(emitter, output),
            emitter.attributes()),
        "describe the derivative of a relu");
    emitter.natives().own(descriptor);
    emitter.call(
        kind,
        descriptor,
        arguments(DNNL_ARG_DST, emitter.memory(output))
            .with(DNNL_ARG_DIFF_DST, emitter.memory(diffDst))
            .with(DNNL_ARG_DIFF_SRC, emitter.memory(diffSrc)));
  }

  private static dnnl_primitive_desc descriptor(Emitter emitter, Slot output) {
    dnnl_memory_desc layout = emitter.descriptor(output);
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_eltwise_forward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            dnnl_forward_training,
            dnnl_eltwise_relu_use_dst_for_bwd,
            layout,
            layout,
            0,
            0,
            emitter.attributes()),
        "describe a relu");
    return emitter.natives().own(descriptor);
  }
}
