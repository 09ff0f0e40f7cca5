package dev.depthwise.engine.onednn;

import static dev.depthwise.engine.onednn.Emitter.arguments;
import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import java.util.Objects;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/** Probabilities of logits. */
final class SoftmaxLowering implements Lowering {
  @Override
  public void forward(Emitter emitter, Forward step) {
    emitter.call(
        "Softmax forward",
        descriptor(emitter, step),
        arguments(DNNL_ARG_SRC, emitter.memory(step.inputs().get(0)))
            .with(DNNL_ARG_DST, emitter.memory(step.output())));
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    Slot gradient = Objects.requireNonNull(step.inputGradient());
    dnnl_memory_desc layout = emitter.descriptor(gradient);
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_softmax_backward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            dnnl_softmax_accurate,
            layout,
            layout,
            layout,
            1,
            descriptor(emitter, step.forward()),
            emitter.attributes()),
        "describe the derivative of " + step.name());
    emitter.call(
        "Softmax backward",
        emitter.natives().own(descriptor),
        arguments(DNNL_ARG_DST, emitter.memory(step.forward().output()))
            .with(DNNL_ARG_DIFF_DST, emitter.memory(step.outputGradient()))
            .with(DNNL_ARG_DIFF_SRC, emitter.memory(gradient)));
  }

  private static dnnl_primitive_desc descriptor(Emitter emitter, Forward step) {
    dnnl_memory_desc layout = emitter.descriptor(step.output());
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_softmax_forward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            dnnl_forward_training,
            dnnl_softmax_accurate,
            layout,
            layout,
            1,
            emitter.attributes()),
        "describe " + step.name());
    return emitter.natives().own(descriptor);
  }
}
