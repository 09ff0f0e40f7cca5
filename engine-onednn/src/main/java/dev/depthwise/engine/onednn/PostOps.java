package dev.depthwise.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive_attr;

/** What a primitive does to its result, one after the other, with the tensors that this takes. */
final class PostOps {
  private final dnnl_post_ops chain = new dnnl_post_ops();
  private final Map<Integer, dnnl_memory> operands = new LinkedHashMap<>();
  private int length;

  PostOps(Natives natives) {
    Natives.check(dnnl_post_ops_create(chain), "create post-ops");
    natives.onClose(() -> dnnl_post_ops_destroy(chain));
  }

  /** A function of each element. */
  PostOps eltwise(int algorithm, double alpha, double beta) {
    int status = dnnl_post_ops_append_eltwise(chain, algorithm, (float) alpha, (float) beta);
    Natives.check(status, "fuse a function");
    length++;
    return this;
  }

  /** The product with a tensor. */
  PostOps multiply(dnnl_memory_desc layout, dnnl_memory tensor) {
    Natives.check(dnnl_post_ops_append_binary(chain, dnnl_binary_mul, layout), "fuse a product");
    operands.put(DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE * (length + 1) | DNNL_ARG_SRC_1, tensor);
    length++;
    return this;
  }

  /** The sum with what lay in the place of the result. */
  PostOps accumulate() {
    Natives.check(dnnl_post_ops_append_sum(chain, 1, 0, dnnl_data_type_undef), "fuse a sum");
    length++;
    return this;
  }

  /** Attributes of the primitive that these follow. */
  dnnl_primitive_attr attributes(Emitter emitter) {
    dnnl_primitive_attr attributes = emitter.attributes();
    Natives.check(dnnl_primitive_attr_set_post_ops(attributes, chain), "set post-ops");
    return attributes;
  }

  /** The primitive's arguments with those of these. */
  Emitter.Arguments arguments(Emitter.Arguments own) {
    operands.forEach(own::with);
    return own;
  }
}
