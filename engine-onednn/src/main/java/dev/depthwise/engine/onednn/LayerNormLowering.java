package dev.depthwise.engine.onednn;

import static dev.depthwise.engine.onednn.Emitter.arguments;
import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.LayerNorm;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * oneDNN normalises a tensor's last dimension. Channels-last pictures are a matrix with a row of
 * channels for each place.
 *
 * <p>Its workspace keeps each row's mean, then its variance.
 */
final class LayerNormLowering implements Lowering {
  private static final int FLAGS = dnnl_use_scale | dnnl_use_shift;

  @Override
  public long workspaceBytes(Emitter emitter, Forward step) {
    return 2 * vectorBytes(emitter, step);
  }

  private static long vectorBytes(Emitter emitter, Forward step) {
    long bytes = rows(emitter, step) * Float.BYTES;
    return (bytes + Natives.ALIGNMENT - 1) / Natives.ALIGNMENT * Natives.ALIGNMENT;
  }

  private static long rows(Emitter emitter, Forward step) {
    Shape shape = step.output().shape();
    return (long) emitter.batch() * shape.height() * shape.width();
  }

  private static int channels(Forward step) {
    return step.output().shape().channels();
  }

  @Override
  public void forward(Emitter emitter, Forward step) {
    Emitter.Arguments arguments =
        arguments(DNNL_ARG_SRC, matrix(emitter, step, step.inputs().get(0)))
            .with(DNNL_ARG_DST, matrix(emitter, step, step.output()))
            .with(DNNL_ARG_SCALE, emitter.vector(Role.SCALE, channels(step)))
            .with(DNNL_ARG_SHIFT, emitter.vector(Role.SHIFT, channels(step)));
    addStatistics(emitter, step, arguments);
    emitter.call("LayerNorm forward", descriptor(emitter, step), arguments);
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    Forward forward = step.forward();
    Natives natives = emitter.natives();
    dnnl_memory_desc layout = layout(emitter, forward);
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_layer_normalization_backward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            dnnl_backward,
            layout,
            layout,
            layout,
            natives.plain(rows(emitter, forward)),
            (float) ((LayerNorm) step.op()).epsilon(),
            FLAGS,
            descriptor(emitter, forward),
            emitter.attributes()),
        "describe the derivative of " + step.name());
    Slot inputGradient = step.inputGradient();
    dnnl_memory_desc vector = natives.plain(channels(forward));
    Emitter.Arguments arguments =
        arguments(DNNL_ARG_SRC, matrix(emitter, forward, forward.inputs().get(0)))
            .with(DNNL_ARG_SCALE, emitter.vector(Role.SCALE, channels(forward)))
            .with(DNNL_ARG_DIFF_DST, matrix(emitter, forward, step.outputGradient()))
            .with(
                DNNL_ARG_DIFF_SRC,
                inputGradient == null
                    ? emitter.discarded(layout)
                    : matrix(emitter, forward, inputGradient))
            .with(DNNL_ARG_DIFF_SCALE, gradient(emitter, step, Role.SCALE, vector))
            .with(DNNL_ARG_DIFF_SHIFT, gradient(emitter, step, Role.SHIFT, vector));
    addStatistics(emitter, forward, arguments);
    emitter.call("LayerNorm backward", natives.own(descriptor), arguments);
  }

  private static dnnl_memory gradient(
      Emitter emitter, Backward step, Role role, dnnl_memory_desc vector) {
    return emitter.gradient(role, vector, step.parameterGradients().contains(role));
  }

  private static void addStatistics(Emitter emitter, Forward step, Emitter.Arguments arguments) {
    Slot workspace = step.workspace();
    if (workspace != null) {
      Natives natives = emitter.natives();
      dnnl_memory_desc vector = natives.plain(rows(emitter, step));
      long variance = vectorBytes(emitter, step);
      arguments
          .with(DNNL_ARG_MEAN, natives.memory(vector, emitter.address(workspace)))
          .with(DNNL_ARG_VARIANCE, natives.memory(vector, emitter.address(workspace, variance)));
    }
  }

  private static dnnl_primitive_desc descriptor(Emitter emitter, Forward step) {
    Natives natives = emitter.natives();
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_layer_normalization_forward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            step.workspace() == null ? dnnl_forward_inference : dnnl_forward_training,
            layout(emitter, step),
            layout(emitter, step),
            natives.plain(rows(emitter, step)),
            (float) ((LayerNorm) step.op()).epsilon(),
            FLAGS,
            emitter.attributes()),
        "describe " + step.name());
    return natives.own(descriptor);
  }

  private static dnnl_memory_desc layout(Emitter emitter, Forward step) {
    return emitter.natives().plain(rows(emitter, step), channels(step));
  }

  private static dnnl_memory matrix(Emitter emitter, Forward step, Slot slot) {
    return emitter.natives().memory(layout(emitter, step), emitter.address(slot));
  }
}
