package dev.depthwise.engine.onednn;

import static dev.depthwise.engine.onednn.Emitter.arguments;
import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Role;
import java.nio.FloatBuffer;
import java.util.Objects;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * Batch normalisation, the rectifier behind it in the same pass. The workspace holds the batch's
 * mean, its variance, and oneDNN's mask of the rectifier.
 */
final class BatchNormLowering implements Lowering {
  @Override
  public long workspaceBytes(Emitter emitter, Forward step) {
    dnnl_primitive_desc descriptor = descriptor(emitter, step);
    return 2 * vectorBytes(step) + Natives.size(descriptor, dnnl_query_workspace_md);
  }

  private static long vectorBytes(Forward step) {
    long bytes = (long) step.output().shape().channels() * Float.BYTES;
    return (bytes + Natives.ALIGNMENT - 1) / Natives.ALIGNMENT * Natives.ALIGNMENT;
  }

  @Override
  public void forward(Emitter emitter, Forward step) {
    BatchNorm norm = (BatchNorm) step.op();
    int channels = step.output().shape().channels();
    dnnl_primitive_desc descriptor = descriptor(emitter, step);
    Emitter.Arguments arguments =
        arguments(DNNL_ARG_SRC, emitter.memory(step.inputs().get(0)))
            .with(DNNL_ARG_DST, emitter.memory(step.output()))
            .with(DNNL_ARG_SHIFT, emitter.vector(Role.SHIFT, channels))
            .with(DNNL_ARG_MEAN, statistic(emitter, step, Role.MEAN))
            .with(DNNL_ARG_VARIANCE, statistic(emitter, step, Role.VARIANCE));
    if (norm.scale()) {
      arguments.with(DNNL_ARG_SCALE, emitter.vector(Role.SCALE, channels));
    }
    addMask(emitter, step, descriptor, arguments);
    emitter.call("BatchNorm forward", descriptor, arguments);
    if (step.training() && !step.repeated()) {
      moveStatistics(emitter, step, norm);
    }
  }

  private static void moveStatistics(Emitter emitter, Forward step, BatchNorm norm) {
    int channels = step.output().shape().channels();
    long elements =
        (long) emitter.batch() * step.output().shape().height() * step.output().shape().width();
    Slot workspace = workspace(step);
    FloatBuffer mean = Natives.floats(emitter.address(workspace), channels);
    FloatBuffer variance = Natives.floats(emitter.address(workspace, vectorBytes(step)), channels);
    FloatBuffer runningMean = emitter.values(Role.MEAN);
    FloatBuffer runningVariance = emitter.values(Role.VARIANCE);
    double unbiased = elements > 1 ? elements / (elements - 1.0) : 1;
    emitter.task(
        "BatchNorm statistics",
        () -> {
          move(runningMean, mean, 1, norm.momentum(), channels);
          move(runningVariance, variance, unbiased, norm.momentum(), channels);
        });
  }

  private static void move(
      FloatBuffer running, FloatBuffer batch, double factor, double momentum, int channels) {
    for (int channel = 0; channel < channels; channel++) {
      double before = running.get(channel);
      running.put(channel, (float) (before + momentum * (batch.get(channel) * factor - before)));
    }
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    BatchNorm norm = (BatchNorm) step.op();
    Forward forward = step.forward();
    Natives natives = emitter.natives();
    int channels = forward.output().shape().channels();
    dnnl_primitive_desc hint = descriptor(emitter, forward);
    dnnl_memory_desc layout = emitter.descriptor(forward.output());
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_batch_normalization_backward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            dnnl_backward,
            layout,
            layout,
            layout,
            (float) norm.epsilon(),
            flags(forward, norm),
            hint,
            emitter.attributes()),
        "describe the derivative of " + step.name());
    natives.own(descriptor);
    Slot inputGradient = step.inputGradient();
    Emitter.Arguments arguments =
        arguments(DNNL_ARG_SRC, emitter.memory(forward.inputs().get(0)))
            .with(DNNL_ARG_MEAN, statistic(emitter, forward, Role.MEAN))
            .with(DNNL_ARG_VARIANCE, statistic(emitter, forward, Role.VARIANCE))
            .with(DNNL_ARG_DIFF_DST, emitter.memory(step.outputGradient()))
            .with(
                DNNL_ARG_DIFF_SRC,
                inputGradient == null ? emitter.discarded(layout) : emitter.memory(inputGradient))
            .with(DNNL_ARG_DIFF_SHIFT, gradient(emitter, step, Role.SHIFT));
    if (norm.scale()) {
      arguments
          .with(DNNL_ARG_SCALE, emitter.vector(Role.SCALE, channels))
          .with(DNNL_ARG_DIFF_SCALE, gradient(emitter, step, Role.SCALE));
    }
    addMask(emitter, forward, hint, arguments);
    emitter.call("BatchNorm backward", descriptor, arguments);
  }

  /**
   * Where a derivative goes. One that nobody asked for has a place of its own: oneDNN insists on
   * both, and reads them again while it makes the derivative by the input.
   */
  private static dnnl_memory gradient(Emitter emitter, Backward step, Role role) {
    dnnl_memory_desc vector = emitter.natives().plain(step.outputGradient().shape().channels());
    return step.parameterGradients().contains(role)
        ? emitter.gradient(role, vector, true)
        : emitter.natives().memory(vector);
  }

  /** The batch's statistics in training, otherwise the running ones. */
  private static dnnl_memory statistic(Emitter emitter, Forward step, Role role) {
    int channels = step.output().shape().channels();
    if (!step.training()) {
      return emitter.vector(role, channels);
    }
    long offset = role == Role.MEAN ? 0 : vectorBytes(step);
    Natives natives = emitter.natives();
    return natives.memory(natives.plain(channels), emitter.address(workspace(step), offset));
  }

  private static void addMask(
      Emitter emitter, Forward step, dnnl_primitive_desc descriptor, Emitter.Arguments arguments) {
    if (Natives.size(descriptor, dnnl_query_workspace_md) > 0) {
      arguments.with(
          DNNL_ARG_WORKSPACE,
          emitter
              .natives()
              .memory(
                  emitter.natives().chosen(descriptor, dnnl_query_workspace_md, 0),
                  emitter.address(workspace(step), 2 * vectorBytes(step))));
    }
  }

  private static Slot workspace(Forward step) {
    return Objects.requireNonNull(step.workspace());
  }

  private static dnnl_primitive_desc descriptor(Emitter emitter, Forward step) {
    BatchNorm norm = (BatchNorm) step.op();
    dnnl_memory_desc layout = emitter.descriptor(step.output());
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_batch_normalization_forward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            step.workspace() == null ? dnnl_forward_inference : dnnl_forward_training,
            layout,
            layout,
            (float) norm.epsilon(),
            flags(step, norm),
            emitter.attributes()),
        "describe " + step.name());
    return emitter.natives().own(descriptor);
  }

  private static int flags(Forward step, BatchNorm norm) {
    return dnnl_use_shift
        | (norm.scale() ? dnnl_use_scale : 0)
        | (step.activation() != null ? dnnl_fuse_norm_relu : 0)
        | (step.training() ? 0 : dnnl_use_global_stats);
  }
}
