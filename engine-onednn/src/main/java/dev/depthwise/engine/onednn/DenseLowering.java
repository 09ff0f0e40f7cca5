package dev.depthwise.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Dense;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/** A fully connected layer: oneDNN's inner product. */
final class DenseLowering implements Lowering {
  @Override
  public void forward(Emitter emitter, Forward step) {
    calls(emitter, step).forward(descriptor(emitter, step));
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    dnnl_primitive_desc hint = descriptor(emitter, step.forward());
    KernelCalls calls = calls(emitter, step.forward());
    if (!step.parameterGradients().isEmpty()) {
      calls.backwardWeights(step, weights(emitter, step, hint));
    }
    Slot inputGradient = step.inputGradient();
    if (inputGradient != null) {
      calls.backwardData(step, inputGradient, data(emitter, step, inputGradient, hint));
    }
  }

  private static KernelCalls calls(Emitter emitter, Forward step) {
    return new KernelCalls(emitter, step, kernel(step), ((Dense) step.op()).bias());
  }

  private static dnnl_primitive_desc weights(
      Emitter emitter, Backward step, dnnl_primitive_desc hint) {
    Dense dense = (Dense) step.op();
    Natives natives = emitter.natives();
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_inner_product_backward_weights_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            emitter.descriptor(step.forward().inputs().get(0)),
            natives.any(kernel(step.forward())),
            dense.bias() ? natives.plain(dense.units()) : null,
            emitter.descriptor(step.outputGradient()),
            hint,
            emitter.attributes()),
        "describe the derivative by the kernel of " + step.name());
    return natives.own(descriptor);
  }

  private static dnnl_primitive_desc data(
      Emitter emitter, Backward step, Slot inputGradient, dnnl_primitive_desc hint) {
    Natives natives = emitter.natives();
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_inner_product_backward_data_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            emitter.descriptor(inputGradient),
            natives.any(kernel(step.forward())),
            emitter.descriptor(step.outputGradient()),
            hint,
            emitter.attributes()),
        "describe the derivative by the input of " + step.name());
    return natives.own(descriptor);
  }

  private static dnnl_primitive_desc descriptor(Emitter emitter, Forward step) {
    Natives natives = emitter.natives();
    Dense dense = (Dense) step.op();
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_inner_product_forward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            dnnl_forward_training,
            emitter.descriptor(step.inputs().get(0)),
            natives.any(kernel(step)),
            dense.bias() ? natives.plain(dense.units()) : null,
            emitter.descriptor(step.output()),
            natives.attributes(false, Eltwise.behind(step))),
        "describe " + step.name());
    return natives.own(descriptor);
  }

  private static long[] kernel(Forward step) {
    return new long[] {step.output().shape().size(), step.inputs().get(0).shape().size()};
  }
}
