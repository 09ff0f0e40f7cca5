package dev.depthwise.engine.onednn;

import static dev.depthwise.engine.onednn.Emitter.arguments;
import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Role;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/** Convolution: oneDNN's, channels-last, the kernel in whichever layout it likes. */
final class ConvolutionLowering implements Lowering {
  @Override
  public void forward(Emitter emitter, Forward step) {
    Conv2d convolution = (Conv2d) step.op();
    Natives natives = emitter.natives();
    Geometry geometry = geometry(step);
    dnnl_primitive_desc descriptor = descriptor(emitter, step, geometry);
    dnnl_memory kernel =
        emitter.packed(
            Role.KERNEL,
            natives.plain(kernel(step)),
            natives.chosen(descriptor, dnnl_query_weights_md, 0));
    Emitter.Arguments arguments =
        arguments(DNNL_ARG_SRC, emitter.memory(step.inputs().get(0)))
            .with(DNNL_ARG_WEIGHTS, kernel)
            .with(DNNL_ARG_DST, emitter.memory(step.output()));
    if (convolution.bias()) {
      arguments.with(DNNL_ARG_BIAS, emitter.vector(Role.BIAS, convolution.filters()));
    }
    emitter.call("Conv2d forward", descriptor, arguments, multiplyAdds(emitter, step));
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    Conv2d convolution = (Conv2d) step.op();
    Geometry geometry = geometry(step.forward());
    dnnl_primitive_desc hint = descriptor(emitter, step.forward(), geometry);
    if (!step.parameterGradients().isEmpty()) {
      weights(emitter, step, convolution, geometry, hint);
    }
    Slot inputGradient = step.inputGradient();
    if (inputGradient != null) {
      data(emitter, step, inputGradient, geometry, hint);
    }
  }

  private static void weights(
      Emitter emitter,
      Backward step,
      Conv2d convolution,
      Geometry geometry,
      dnnl_primitive_desc hint) {
    Natives natives = emitter.natives();
    Slot input = step.forward().inputs().get(0);
    dnnl_memory_desc bias = natives.plain(convolution.filters());
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_convolution_backward_weights_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            dnnl_convolution_direct,
            emitter.descriptor(input),
            natives.any(kernel(step.forward())),
            convolution.bias() ? bias : null,
            emitter.descriptor(step.outputGradient()),
            geometry.strides,
            geometry.dilations,
            geometry.before,
            geometry.behind,
            hint,
            emitter.attributes()),
        "describe the derivative by the kernel of " + step.name());
    natives.own(descriptor);
    dnnl_memory_desc plain = natives.plain(kernel(step.forward()));
    dnnl_memory_desc chosen = natives.chosen(descriptor, dnnl_query_diff_weights_md, 0);
    dnnl_memory gradient =
        emitter.gradient(Role.KERNEL, plain, step.parameterGradients().contains(Role.KERNEL));
    boolean direct = Natives.same(plain, chosen);
    dnnl_memory packed = direct ? gradient : emitter.temporary(chosen);
    Emitter.Arguments arguments =
        arguments(DNNL_ARG_SRC, emitter.memory(input))
            .with(DNNL_ARG_DIFF_DST, emitter.memory(step.outputGradient()))
            .with(DNNL_ARG_DIFF_WEIGHTS, packed);
    if (convolution.bias()) {
      boolean wanted = step.parameterGradients().contains(Role.BIAS);
      arguments.with(DNNL_ARG_DIFF_BIAS, emitter.gradient(Role.BIAS, bias, wanted));
    }
    emitter.call(
        "Conv2d backward weights", descriptor, arguments, multiplyAdds(emitter, step.forward()));
    if (!direct) {
      emitter.reorder("unpack", chosen, packed, plain, gradient);
    }
  }

  private static void data(
      Emitter emitter,
      Backward step,
      Slot inputGradient,
      Geometry geometry,
      dnnl_primitive_desc hint) {
    Natives natives = emitter.natives();
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_convolution_backward_data_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            dnnl_convolution_direct,
            emitter.descriptor(inputGradient),
            natives.any(kernel(step.forward())),
            emitter.descriptor(step.outputGradient()),
            geometry.strides,
            geometry.dilations,
            geometry.before,
            geometry.behind,
            hint,
            emitter.attributes()),
        "describe the derivative by the input of " + step.name());
    natives.own(descriptor);
    dnnl_memory kernel =
        emitter.packed(
            Role.KERNEL,
            natives.plain(kernel(step.forward())),
            natives.chosen(descriptor, dnnl_query_weights_md, 0));
    emitter.call(
        "Conv2d backward data",
        descriptor,
        arguments(DNNL_ARG_DIFF_DST, emitter.memory(step.outputGradient()))
            .with(DNNL_ARG_WEIGHTS, kernel)
            .with(DNNL_ARG_DIFF_SRC, emitter.memory(inputGradient)),
        multiplyAdds(emitter, step.forward()));
  }

  private static dnnl_primitive_desc descriptor(Emitter emitter, Forward step, Geometry geometry) {
    Natives natives = emitter.natives();
    Conv2d convolution = (Conv2d) step.op();
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_convolution_forward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            dnnl_forward_training,
            dnnl_convolution_direct,
            emitter.descriptor(step.inputs().get(0)),
            natives.any(kernel(step)),
            convolution.bias() ? natives.plain(convolution.filters()) : null,
            emitter.descriptor(step.output()),
            geometry.strides,
            geometry.dilations,
            geometry.before,
            geometry.behind,
            natives.attributes(step.addend() != null, step.relu())),
        "describe " + step.name());
    return natives.own(descriptor);
  }

  private static long multiplyAdds(Emitter emitter, Forward step) {
    return emitter.batch()
        * step.op()
            .multiplyAdds(step.inputs().stream().map(Slot::shape).toList(), step.output().shape());
  }

  private static Geometry geometry(Forward step) {
    return new Geometry(((Conv2d) step.op()).window());
  }

  /** The kernel's shape, with the groups outermost if there are several. */
  private static long[] kernel(Forward step) {
    Conv2d convolution = (Conv2d) step.op();
    long groups = convolution.groups();
    long in = step.inputs().get(0).shape().channels() / groups;
    long out = convolution.filters() / groups;
    long height = convolution.window().kernelHeight();
    long width = convolution.window().kernelWidth();
    return groups == 1
        ? new long[] {out, in, height, width}
        : new long[] {groups, out, in, height, width};
  }
}
