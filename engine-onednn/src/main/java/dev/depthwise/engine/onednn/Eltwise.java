package dev.depthwise.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Forward;
import dev.depthwise.network.Activation;
import dev.depthwise.network.Op;
import dev.depthwise.network.Relu;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.jspecify.annotations.Nullable;

/**
 * A function of each element by itself, in oneDNN's words.
 *
 * @param algorithm oneDNN's number of it
 * @param alpha its first number
 * @param beta its second number
 */
record Eltwise(int algorithm, float alpha, float beta) {
  static final Eltwise RELU = new Eltwise(dnnl_eltwise_relu, 0, 0);

  /** A product with a constant. */
  static Eltwise times(double factor) {
    return new Eltwise(dnnl_eltwise_linear, (float) factor, 0);
  }

  /** What a rectifier or an activation is. */
  static Eltwise of(Op function) {
    if (function instanceof Relu) {
      return RELU;
    }
    if (!(function instanceof Activation activation)) {
      throw new IllegalArgumentException(function + " is no function of each element by itself");
    }
    float alpha = (float) activation.alpha();
    return switch (activation.function()) {
      case ELU -> new Eltwise(dnnl_eltwise_elu, alpha, 0);
      case GELU -> new Eltwise(dnnl_eltwise_gelu_erf, 0, 0);
      case GELU_TANH -> new Eltwise(dnnl_eltwise_gelu_tanh, 0, 0);
      case HARD_SIGMOID -> new Eltwise(dnnl_eltwise_hardsigmoid, alpha, 0.5f);
      case HARD_SWISH -> new Eltwise(dnnl_eltwise_hardswish, 1f / 6, 0.5f);
      case LEAKY_RELU -> new Eltwise(dnnl_eltwise_relu, alpha, 0);
      case RELU6 -> new Eltwise(dnnl_eltwise_clip_v2, 0, 6);
      case SIGMOID -> new Eltwise(dnnl_eltwise_logistic, 0, 0);
      case SWISH -> new Eltwise(dnnl_eltwise_swish, alpha, 0);
      case TANH -> new Eltwise(dnnl_eltwise_tanh, 0, 0);
    };
  }

  /** What is fused behind a step, if something is. */
  static @Nullable Eltwise behind(Forward step) {
    return step.activation() == null ? null : of(step.activation());
  }

  /** The same function, whose derivative is taken from what it made. */
  Eltwise byOutput() {
    int variant;
    if (algorithm == dnnl_eltwise_relu) {
      variant = dnnl_eltwise_relu_use_dst_for_bwd;
    } else if (algorithm == dnnl_eltwise_elu) {
      variant = dnnl_eltwise_elu_use_dst_for_bwd;
    } else if (algorithm == dnnl_eltwise_clip_v2) {
      variant = dnnl_eltwise_clip_v2_use_dst_for_bwd;
    } else if (algorithm == dnnl_eltwise_logistic) {
      variant = dnnl_eltwise_logistic_use_dst_for_bwd;
    } else if (algorithm == dnnl_eltwise_tanh) {
      variant = dnnl_eltwise_tanh_use_dst_for_bwd;
    } else {
      throw new IllegalArgumentException("the derivative of " + this + " needs its input");
    }
    return new Eltwise(variant, alpha, beta);
  }

  /** The primitive from one tensor to another of one layout. */
  dnnl_primitive_desc forward(Emitter emitter, dnnl_memory_desc layout) {
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_eltwise_forward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            dnnl_forward_training,
            algorithm,
            layout,
            layout,
            alpha,
            beta,
            emitter.attributes()),
        "describe " + this);
    return emitter.natives().own(descriptor);
  }

  /** The primitive of the derivative. */
  dnnl_primitive_desc backward(Emitter emitter, dnnl_memory_desc layout) {
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_eltwise_backward_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            algorithm,
            layout,
            layout,
            layout,
            alpha,
            beta,
            forward(emitter, layout),
            emitter.attributes()),
        "describe the derivative of " + this);
    return emitter.natives().own(descriptor);
  }
}
