package dev.depthwise.engine.onednn;

import static dev.depthwise.engine.onednn.Emitter.arguments;
import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.AveragePool;
import dev.depthwise.network.MaxPool;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;
import java.util.Objects;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * Pooling of all kinds: the global mean has a window as large as the picture, subsampling is the
 * mean of windows of one element.
 */
final class PoolLowering implements Lowering {
  @Override
  public long workspaceBytes(Emitter emitter, Forward step) {
    return Natives.size(descriptor(emitter, step), dnnl_query_workspace_md);
  }

  @Override
  public void forward(Emitter emitter, Forward step) {
    Natives natives = emitter.natives();
    dnnl_primitive_desc descriptor = descriptor(emitter, step);
    Emitter.Arguments arguments =
        arguments(DNNL_ARG_SRC, emitter.memory(step.inputs().get(0)))
            .with(
                DNNL_ARG_DST,
                natives.memory(pooled(emitter, step), emitter.address(step.output())));
    addWorkspace(emitter, step, descriptor, arguments);
    emitter.call(kind(step) + " forward", descriptor, arguments);
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    Natives natives = emitter.natives();
    Forward forward = step.forward();
    Slot inputGradient = Objects.requireNonNull(step.inputGradient());
    dnnl_primitive_desc hint = descriptor(emitter, forward);
    Geometry geometry = geometry(forward);
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_pooling_backward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            algorithm(forward),
            emitter.descriptor(inputGradient),
            pooled(emitter, forward),
            geometry.strides,
            geometry.kernel,
            geometry.dilations,
            geometry.before,
            geometry.behind,
            hint,
            emitter.attributes()),
        "describe the derivative of " + step.name());
    natives.own(descriptor);
    Emitter.Arguments arguments =
        arguments(
                DNNL_ARG_DIFF_DST,
                natives.memory(pooled(emitter, forward), emitter.address(step.outputGradient())))
            .with(DNNL_ARG_DIFF_SRC, emitter.memory(inputGradient));
    addWorkspace(emitter, forward, hint, arguments);
    emitter.call(kind(forward) + " backward", descriptor, arguments);
  }

  /** Adds the call of the mean of each channel of pictures into pictures of one place. */
  static void mean(
      Emitter emitter, String kind, Shape picture, dnnl_memory pictures, dnnl_memory means) {
    Geometry geometry = whole(picture);
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_pooling_forward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            dnnl_forward_inference,
            dnnl_pooling_avg_exclude_padding,
            Natives.layout(pictures),
            Natives.layout(means),
            geometry.strides,
            geometry.kernel,
            geometry.dilations,
            geometry.before,
            geometry.behind,
            emitter.attributes()),
        "describe " + kind);
    emitter.call(
        kind,
        emitter.natives().own(descriptor),
        arguments(DNNL_ARG_SRC, pictures).with(DNNL_ARG_DST, means));
  }

  private static void addWorkspace(
      Emitter emitter, Forward step, dnnl_primitive_desc descriptor, Emitter.Arguments arguments) {
    Slot workspace = step.workspace();
    if (workspace != null) {
      Natives natives = emitter.natives();
      arguments.with(
          DNNL_ARG_WORKSPACE,
          natives.memory(
              natives.chosen(descriptor, dnnl_query_workspace_md, 0), emitter.address(workspace)));
    }
  }

  /** The output as a picture, which the global mean's is not to the plan. */
  private static dnnl_memory_desc pooled(Emitter emitter, Forward step) {
    Shape shape = step.output().shape();
    return emitter
        .natives()
        .tagged(dnnl_acdb, emitter.batch(), shape.channels(), shape.height(), shape.width());
  }

  private static dnnl_primitive_desc descriptor(Emitter emitter, Forward step) {
    Geometry geometry = geometry(step);
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_pooling_forward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            // Without a workspace there is nothing to go back from.
            step.op() instanceof MaxPool && step.workspace() == null
                ? dnnl_forward_inference
                : dnnl_forward_training,
            algorithm(step),
            emitter.descriptor(step.inputs().get(0)),
            pooled(emitter, step),
            geometry.strides,
            geometry.kernel,
            geometry.dilations,
            geometry.before,
            geometry.behind,
            emitter.attributes()),
        "describe " + step.name());
    return emitter.natives().own(descriptor);
  }

  private static int algorithm(Forward step) {
    if (step.op() instanceof MaxPool) {
      return dnnl_pooling_max;
    }
    return step.op() instanceof AveragePool average && average.countPadding()
        ? dnnl_pooling_avg_include_padding
        : dnnl_pooling_avg_exclude_padding;
  }

  private static String kind(Forward step) {
    return step.op().getClass().getSimpleName();
  }

  private static Geometry geometry(Forward step) {
    return step.op().view().map(Geometry::new).orElse(whole(step.inputs().get(0).shape()));
  }

  private static Geometry whole(Shape picture) {
    return new Geometry(Window.k(picture.height(), picture.width()).valid());
  }
}
