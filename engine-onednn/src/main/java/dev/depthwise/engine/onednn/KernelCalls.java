package dev.depthwise.engine.onednn;

import static dev.depthwise.engine.onednn.Emitter.arguments;
import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Role;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * The calls of a layer that has a kernel and maybe a bias: the kernel in the layout that the
 * primitive chose, its gradient back in the files' own.
 */
final class KernelCalls {
  private final Emitter emitter;
  private final Forward step;
  private final long[] kernel;
  private final boolean bias;

  /**
   * The calls of one layer.
   *
   * @param kernel the kernel's shape, as oneDNN counts it
   * @param bias whether there is a bias, one number per channel of the output
   */
  KernelCalls(Emitter emitter, Forward step, long[] kernel, boolean bias) {
    this.emitter = emitter;
    this.step = step;
    this.kernel = kernel;
    this.bias = bias;
  }

  /** Adds the forward call. */
  void forward(dnnl_primitive_desc descriptor) {
    Emitter.Arguments arguments =
        arguments(DNNL_ARG_SRC, emitter.memory(input()))
            .with(DNNL_ARG_WEIGHTS, packed(descriptor))
            .with(DNNL_ARG_DST, emitter.memory(step.output()));
    if (bias) {
      arguments.with(DNNL_ARG_BIAS, emitter.vector(Role.BIAS, step.output().shape().channels()));
    }
    emitter.call(kind() + " forward", descriptor, arguments, multiplyAdds());
  }

  /** Adds the derivative by kernel and bias. */
  void backwardWeights(Backward backward, dnnl_primitive_desc descriptor) {
    Natives natives = emitter.natives();
    dnnl_memory_desc plain = natives.plain(kernel);
    dnnl_memory_desc chosen = natives.chosen(descriptor, dnnl_query_diff_weights_md, 0);
    dnnl_memory gradient = emitter.gradient(Role.KERNEL, plain, asked(backward, Role.KERNEL));
    boolean direct = Natives.same(plain, chosen);
    dnnl_memory packed = direct ? gradient : emitter.temporary(chosen);
    Emitter.Arguments arguments =
        arguments(DNNL_ARG_SRC, emitter.memory(input()))
            .with(DNNL_ARG_DIFF_DST, emitter.memory(backward.outputGradient()))
            .with(DNNL_ARG_DIFF_WEIGHTS, packed);
    if (bias) {
      dnnl_memory_desc vector = natives.plain(step.output().shape().channels());
      arguments.with(
          DNNL_ARG_DIFF_BIAS, emitter.gradient(Role.BIAS, vector, asked(backward, Role.BIAS)));
    }
    emitter.call(kind() + " backward weights", descriptor, arguments, multiplyAdds());
    if (!direct) {
      emitter.reorder("unpack", chosen, packed, plain, gradient);
    }
  }

  /** Adds the derivative by the input. */
  void backwardData(Backward backward, Slot inputGradient, dnnl_primitive_desc descriptor) {
    emitter.call(
        kind() + " backward data",
        descriptor,
        arguments(DNNL_ARG_DIFF_DST, emitter.memory(backward.outputGradient()))
            .with(DNNL_ARG_WEIGHTS, packed(descriptor))
            .with(DNNL_ARG_DIFF_SRC, emitter.memory(inputGradient)),
        multiplyAdds());
  }

  private dnnl_memory packed(dnnl_primitive_desc descriptor) {
    Natives natives = emitter.natives();
    return emitter.packed(
        Role.KERNEL, natives.plain(kernel), natives.chosen(descriptor, dnnl_query_weights_md, 0));
  }

  private static boolean asked(Backward backward, Role role) {
    return backward.parameterGradients().contains(role);
  }

  private Slot input() {
    return step.inputs().get(0);
  }

  private String kind() {
    return step.op().getClass().getSimpleName();
  }

  private long multiplyAdds() {
    return emitter.batch()
        * step.op()
            .multiplyAdds(step.inputs().stream().map(Slot::shape).toList(), step.output().shape());
  }
}
