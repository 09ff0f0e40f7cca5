package dev.depthwise.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Conv2d;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/** Convolution: oneDNN's, channels-last, the kernel in whichever layout it likes. */
final class ConvolutionLowering implements Lowering {
  @Override
  public void forward(Emitter emitter, Forward step) {
    calls(emitter, step).forward(descriptor(emitter, step, geometry(step)));
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    Geometry geometry = geometry(step.forward());
    dnnl_primitive_desc hint = descriptor(emitter, step.forward(), geometry);
    KernelCalls calls = calls(emitter, step.forward());
    if (!step.parameterGradients().isEmpty()) {
      calls.backwardWeights(step, weights(emitter, step, geometry, hint));
    }
    Slot inputGradient = step.inputGradient();
    if (inputGradient != null) {
      calls.backwardData(step, inputGradient, data(emitter, step, inputGradient, geometry, hint));
    }
  }

  private static KernelCalls calls(Emitter emitter, Forward step) {
    return new KernelCalls(emitter, step, kernel(step), ((Conv2d) step.op()).bias());
  }

  private static dnnl_primitive_desc weights(
      Emitter emitter, Backward step, Geometry geometry, dnnl_primitive_desc hint) {
    Conv2d convolution = (Conv2d) step.op();
    Natives natives = emitter.natives();
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_convolution_backward_weights_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            dnnl_convolution_direct,
            emitter.descriptor(step.forward().inputs().get(0)),
            natives.any(kernel(step.forward())),
            convolution.bias() ? natives.plain(convolution.filters()) : null,
            emitter.descriptor(step.outputGradient()),
            geometry.strides,
            geometry.dilations,
            geometry.before,
            geometry.behind,
            hint,
            emitter.attributes()),
        "describe the derivative by the kernel of " + step.name());
    return natives.own(descriptor);
  }

  private static dnnl_primitive_desc data(
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
    return natives.own(descriptor);
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
            natives.attributes(step.addend() != null, Eltwise.behind(step))),
        "describe " + step.name());
    return natives.own(descriptor);
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
