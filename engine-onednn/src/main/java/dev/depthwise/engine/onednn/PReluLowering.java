package dev.depthwise.engine.onednn;

import static dev.depthwise.engine.onednn.Emitter.arguments;
import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.PRelu;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.BytePointer;

/**
 * The rectifier with a learned slope. oneDNN is fast with a slope per channel only: one for all is
 * spread before, and its derivative added up behind.
 */
final class PReluLowering implements Lowering {
  @Override
  public void forward(Emitter emitter, Forward step) {
    emitter.call(
        "PRelu forward",
        descriptor(emitter, step),
        arguments(DNNL_ARG_SRC, emitter.memory(step.inputs().get(0)))
            .with(DNNL_ARG_WEIGHTS, slopes(emitter, step))
            .with(DNNL_ARG_DST, emitter.memory(step.output())));
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    Forward forward = step.forward();
    Natives natives = emitter.natives();
    Slot inputGradient = step.inputGradient();
    dnnl_memory_desc layout = emitter.descriptor(forward.output());
    dnnl_memory_desc vector = layout(emitter, forward, channels(forward));
    boolean learns = !step.parameterGradients().isEmpty();
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_prelu_backward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            layout,
            vector,
            layout,
            vector,
            layout,
            descriptor(emitter, forward),
            emitter.attributes()),
        "describe the derivative of " + step.name());
    dnnl_memory slopes = slopes(emitter, forward);
    BytePointer parts = isSpread(forward) ? natives.allocate(Natives.size(vector)) : null;
    dnnl_memory gradient =
        parts == null
            ? emitter.gradient(Role.SLOPE, vector, learns)
            : natives.memory(vector, parts);
    emitter.call(
        "PRelu backward",
        natives.own(descriptor),
        arguments(DNNL_ARG_SRC, emitter.memory(forward.inputs().get(0)))
            .with(DNNL_ARG_WEIGHTS, slopes)
            .with(DNNL_ARG_DIFF_DST, emitter.memory(step.outputGradient()))
            .with(
                DNNL_ARG_DIFF_SRC,
                inputGradient == null ? emitter.discarded(layout) : emitter.memory(inputGradient))
            .with(DNNL_ARG_DIFF_WEIGHTS, gradient));
    if (parts != null && learns) {
      sum(emitter, channels(forward), parts);
    }
  }

  /** Adds the parts up: as a row, which oneDNN sums fast, whatever the shape of the pictures. */
  private static void sum(Emitter emitter, int channels, BytePointer parts) {
    Natives natives = emitter.natives();
    dnnl_memory_desc row = natives.plain(1, channels);
    dnnl_memory_desc one = natives.plain(1, 1);
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_reduction_primitive_desc_create(
            descriptor, Natives.cpu(), dnnl_reduction_sum, row, one, 0, 0, emitter.attributes()),
        "describe a sum");
    emitter.call(
        "PRelu sum",
        natives.own(descriptor),
        arguments(DNNL_ARG_SRC, natives.memory(row, parts))
            .with(DNNL_ARG_DST, emitter.gradient(Role.SLOPE, one, true)));
  }

  /** The slopes, one per channel. */
  private static dnnl_memory slopes(Emitter emitter, Forward step) {
    dnnl_memory_desc vector = layout(emitter, step, channels(step));
    if (!isSpread(step)) {
      return emitter.packed(Role.SLOPE, vector, vector);
    }
    dnnl_memory_desc one = layout(emitter, step, 1);
    dnnl_memory spread = emitter.natives().memory(vector);
    Binary.call(
        emitter,
        "PRelu spread",
        dnnl_binary_add,
        emitter.zeros(vector),
        emitter.packed(Role.SLOPE, one, one),
        spread,
        null);
    return spread;
  }

  private static boolean isSpread(Forward step) {
    return ((PRelu) step.op()).shared() && channels(step) > 1;
  }

  private static int channels(Forward step) {
    return step.output().shape().channels();
  }

  private static dnnl_memory_desc layout(Emitter emitter, Forward step, int channels) {
    Shape shape = step.output().shape();
    return shape.isPicture()
        ? emitter.natives().plain(1, channels, 1, 1)
        : emitter.natives().plain(1, channels);
  }

  private static dnnl_primitive_desc descriptor(Emitter emitter, Forward step) {
    dnnl_memory_desc layout = emitter.descriptor(step.output());
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_prelu_forward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            dnnl_forward_training,
            layout,
            layout(emitter, step, channels(step)),
            layout,
            emitter.attributes()),
        "describe " + step.name());
    return emitter.natives().own(descriptor);
  }
}
