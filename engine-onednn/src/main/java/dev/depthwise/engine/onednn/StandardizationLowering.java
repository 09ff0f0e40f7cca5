package dev.depthwise.engine.onednn;

import static dev.depthwise.engine.onednn.Emitter.arguments;
import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Role;
import dev.depthwise.network.Standardization;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/** A batch norm of given statistics that neither scales nor shifts. */
final class StandardizationLowering implements Lowering {
  @Override
  public void forward(Emitter emitter, Forward step) {
    int channels = step.output().shape().channels();
    emitter.call(
        "Standardization forward",
        descriptor(emitter, emitter.descriptor(step.output()), dnnl_forward_inference),
        arguments(DNNL_ARG_SRC, emitter.memory(step.inputs().get(0)))
            .with(DNNL_ARG_DST, emitter.memory(step.output()))
            .with(DNNL_ARG_MEAN, emitter.vector(Role.MEAN, channels))
            .with(DNNL_ARG_VARIANCE, emitter.vector(Role.VARIANCE, channels)));
  }

  /** Its source has no part in the derivative, but oneDNN asks for one. */
  @Override
  public void backward(Emitter emitter, Backward step) {
    Slot inputGradient = step.inputGradient();
    if (inputGradient == null) {
      return;
    }
    int channels = step.outputGradient().shape().channels();
    dnnl_memory_desc layout = emitter.descriptor(step.outputGradient());
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_batch_normalization_backward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            dnnl_backward_data,
            layout,
            layout,
            layout,
            (float) Standardization.EPSILON,
            dnnl_use_global_stats,
            descriptor(emitter, layout, dnnl_forward_training),
            emitter.attributes()),
        "describe the derivative of " + step.name());
    emitter.natives().own(descriptor);
    emitter.call(
        "Standardization backward",
        descriptor,
        arguments(DNNL_ARG_SRC, emitter.memory(step.outputGradient()))
            .with(DNNL_ARG_MEAN, emitter.vector(Role.MEAN, channels))
            .with(DNNL_ARG_VARIANCE, emitter.vector(Role.VARIANCE, channels))
            .with(DNNL_ARG_DIFF_DST, emitter.memory(step.outputGradient()))
            .with(DNNL_ARG_DIFF_SRC, emitter.memory(inputGradient)));
  }

  private static dnnl_primitive_desc descriptor(
      Emitter emitter, dnnl_memory_desc layout, int propagation) {
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_batch_normalization_forward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            propagation,
            layout,
            layout,
            (float) Standardization.EPSILON,
            dnnl_use_global_stats,
            emitter.attributes()),
        "describe a standardization");
    return emitter.natives().own(descriptor);
  }
}
