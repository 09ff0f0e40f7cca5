package dev.depthwise.engine.onednn;

import static dev.depthwise.engine.onednn.Emitter.arguments;
import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Upsample;
import java.util.Objects;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;

/** oneDNN's resampling: it, too, counts elements as areas and repeats the outermost. */
final class UpsampleLowering implements Lowering {
  /** The factors follow from the shapes. */
  private static final @Nullable FloatPointer NO_FACTORS = null;

  @Override
  public void forward(Emitter emitter, Forward step) {
    emitter.call(
        "Upsample forward",
        descriptor(emitter, step),
        arguments(DNNL_ARG_SRC, emitter.memory(step.inputs().get(0)))
            .with(DNNL_ARG_DST, emitter.memory(step.output())));
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    Slot inputGradient = Objects.requireNonNull(step.inputGradient());
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_resampling_backward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            algorithm(step.forward()),
            NO_FACTORS,
            emitter.descriptor(inputGradient),
            emitter.descriptor(step.outputGradient()),
            descriptor(emitter, step.forward()),
            emitter.attributes()),
        "describe the derivative of " + step.name());
    emitter.call(
        "Upsample backward",
        emitter.natives().own(descriptor),
        arguments(DNNL_ARG_DIFF_DST, emitter.memory(step.outputGradient()))
            .with(DNNL_ARG_DIFF_SRC, emitter.memory(inputGradient)));
  }

  private static dnnl_primitive_desc descriptor(Emitter emitter, Forward step) {
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_resampling_forward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            dnnl_forward_training,
            algorithm(step),
            NO_FACTORS,
            emitter.descriptor(step.inputs().get(0)),
            emitter.descriptor(step.output()),
            emitter.attributes()),
        "describe " + step.name());
    return emitter.natives().own(descriptor);
  }

  private static int algorithm(Forward step) {
    return switch (((Upsample) step.op()).mode()) {
      case NEAREST -> dnnl_resampling_nearest;
      case BILINEAR -> dnnl_resampling_linear;
    };
  }
}
