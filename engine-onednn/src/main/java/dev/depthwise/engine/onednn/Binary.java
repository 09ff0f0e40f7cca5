package dev.depthwise.engine.onednn;

import static dev.depthwise.engine.onednn.Emitter.arguments;
import static org.bytedeco.dnnl.global.dnnl.*;

import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.jspecify.annotations.Nullable;

/**
 * Sums and products of two tensors, element by element; the right one is spread along the
 * dimensions in which it has one element. The result may lie over the left one, not over the right.
 */
final class Binary {
  private Binary() {}

  /** Adds the call of {@code result = left * right}. */
  static void multiply(
      Emitter emitter, String kind, dnnl_memory left, dnnl_memory right, dnnl_memory result) {
    call(emitter, kind, dnnl_binary_mul, left, right, result, null);
  }

  /** Adds the call of {@code result = then?(left algorithm right)}. */
  static void call(
      Emitter emitter,
      String kind,
      int algorithm,
      dnnl_memory left,
      dnnl_memory right,
      dnnl_memory result,
      @Nullable Eltwise then) {
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_binary_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            algorithm,
            Natives.layout(left),
            Natives.layout(right),
            Natives.layout(result),
            emitter.natives().attributes(false, then)),
        "describe " + kind);
    emitter.call(
        kind,
        emitter.natives().own(descriptor),
        arguments(DNNL_ARG_SRC_0, left).with(DNNL_ARG_SRC_1, right).with(DNNL_ARG_DST, result));
  }
}
