package dev.depthwise.engine.onednn;

import static dev.depthwise.engine.onednn.Emitter.arguments;
import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Role;
import java.nio.FloatBuffer;
import java.util.Objects;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.BytePointer;

/**
 * A learned factor per channel. Its derivatives are those of a batch norm whose mean is constantly
 * 0 and its variance 1: one pass over the pictures makes both.
 */
final class LayerScaleLowering implements Lowering {
  private static final int FLAGS = dnnl_use_scale | dnnl_use_global_stats;

  @Override
  public void forward(Emitter emitter, Forward step) {
    Binary.multiply(
        emitter,
        "LayerScale forward",
        emitter.memory(step.inputs().get(0)),
        factors(emitter, step),
        emitter.memory(step.output()));
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    Slot inputGradient = step.inputGradient();
    if (step.parameterGradients().isEmpty()) {
      Binary.multiply(
          emitter,
          "LayerScale backward",
          emitter.memory(step.outputGradient()),
          factors(emitter, step.forward()),
          emitter.memory(Objects.requireNonNull(inputGradient)));
      return;
    }
    int channels = step.outputGradient().shape().channels();
    dnnl_memory_desc layout = emitter.descriptor(step.outputGradient());
    dnnl_memory_desc vector = emitter.natives().plain(channels);
    emitter.call(
        "LayerScale backward",
        descriptor(emitter, layout),
        arguments(DNNL_ARG_SRC, emitter.memory(step.forward().inputs().get(0)))
            .with(DNNL_ARG_MEAN, emitter.zeros(vector))
            .with(DNNL_ARG_VARIANCE, ones(emitter.natives(), channels))
            .with(DNNL_ARG_SCALE, emitter.vector(Role.LAYER_SCALE, channels))
            .with(DNNL_ARG_DIFF_DST, emitter.memory(step.outputGradient()))
            .with(
                DNNL_ARG_DIFF_SRC,
                inputGradient == null ? emitter.discarded(layout) : emitter.memory(inputGradient))
            .with(DNNL_ARG_DIFF_SCALE, emitter.gradient(Role.LAYER_SCALE, vector, true)));
  }

  private static dnnl_memory factors(Emitter emitter, Forward step) {
    dnnl_memory_desc perChannel =
        emitter.natives().plain(1, step.output().shape().channels(), 1, 1);
    return emitter.packed(Role.LAYER_SCALE, perChannel, perChannel);
  }

  private static dnnl_memory ones(Natives natives, int channels) {
    BytePointer at = natives.allocate((long) channels * Float.BYTES);
    FloatBuffer values = Natives.floats(at, channels);
    for (int channel = 0; channel < channels; channel++) {
      values.put(channel, 1);
    }
    return natives.memory(natives.plain(channels), at);
  }

  private static dnnl_primitive_desc descriptor(Emitter emitter, dnnl_memory_desc layout) {
    dnnl_primitive_desc hint = new dnnl_primitive_desc();
    Natives.check(
        dnnl_batch_normalization_forward_primitive_desc_create(
            hint,
            Natives.cpu(),
            dnnl_forward_training,
            layout,
            layout,
            0,
            FLAGS,
            emitter.attributes()),
        "describe a layer scale");
    emitter.natives().own(hint);
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_batch_normalization_backward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            dnnl_backward,
            layout,
            layout,
            layout,
            0,
            FLAGS,
            hint,
            emitter.attributes()),
        "describe the derivative of a layer scale");
    return emitter.natives().own(descriptor);
  }
}
