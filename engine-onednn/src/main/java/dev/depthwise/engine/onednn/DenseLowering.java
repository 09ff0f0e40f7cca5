package dev.depthwise.engine.onednn;

import static dev.depthwise.engine.onednn.Emitter.arguments;
import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Dense;
import dev.depthwise.network.Role;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/** A fully connected layer: oneDNN's inner product. */
final class DenseLowering implements Lowering {
  @Override
  public void forward(Emitter emitter, Forward step) {
    Dense dense = (Dense) step.op();
    Natives natives = emitter.natives();
    dnnl_primitive_desc descriptor = descriptor(emitter, step);
    Emitter.Arguments arguments =
        arguments(DNNL_ARG_SRC, emitter.memory(step.inputs().get(0)))
            .with(
                DNNL_ARG_WEIGHTS,
                emitter.packed(
                    Role.KERNEL,
                    natives.plain(kernel(step)),
                    natives.chosen(descriptor, dnnl_query_weights_md, 0)))
            .with(DNNL_ARG_DST, emitter.memory(step.output()));
    if (dense.bias()) {
      arguments.with(DNNL_ARG_BIAS, emitter.vector(Role.BIAS, dense.units()));
    }
    emitter.call("Dense forward", descriptor, arguments, multiplyAdds(emitter, step));
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    Dense dense = (Dense) step.op();
    dnnl_primitive_desc hint = descriptor(emitter, step.forward());
    if (!step.parameterGradients().isEmpty()) {
      weights(emitter, step, dense, hint);
    }
    Slot inputGradient = step.inputGradient();
    if (inputGradient != null) {
      data(emitter, step, inputGradient, hint);
    }
  }

  private static void weights(
      Emitter emitter, Backward step, Dense dense, dnnl_primitive_desc hint) {
    Natives natives = emitter.natives();
    Slot input = step.forward().inputs().get(0);
    dnnl_memory_desc bias = natives.plain(dense.units());
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_inner_product_backward_weights_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            emitter.descriptor(input),
            natives.any(kernel(step.forward())),
            dense.bias() ? bias : null,
            emitter.descriptor(step.outputGradient()),
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
    if (dense.bias()) {
      boolean wanted = step.parameterGradients().contains(Role.BIAS);
      arguments.with(DNNL_ARG_DIFF_BIAS, emitter.gradient(Role.BIAS, bias, wanted));
    }
    emitter.call(
        "Dense backward weights", descriptor, arguments, multiplyAdds(emitter, step.forward()));
    if (!direct) {
      emitter.reorder("unpack", chosen, packed, plain, gradient);
    }
  }

  private static void data(
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
    natives.own(descriptor);
    dnnl_memory packed =
        emitter.packed(
            Role.KERNEL,
            natives.plain(kernel(step.forward())),
            natives.chosen(descriptor, dnnl_query_weights_md, 0));
    emitter.call(
        "Dense backward data",
        descriptor,
        arguments(DNNL_ARG_DIFF_DST, emitter.memory(step.outputGradient()))
            .with(DNNL_ARG_WEIGHTS, packed)
            .with(DNNL_ARG_DIFF_SRC, emitter.memory(inputGradient)),
        multiplyAdds(emitter, step.forward()));
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
            natives.attributes(false, step.relu())),
        "describe " + step.name());
    return natives.own(descriptor);
  }

  private static long[] kernel(Forward step) {
    return new long[] {step.output().shape().size(), step.inputs().get(0).shape().size()};
  }

  private static long multiplyAdds(Emitter emitter, Forward step) {
    long[] kernel = kernel(step);
    return emitter.batch() * kernel[0] * kernel[1];
  }
}
