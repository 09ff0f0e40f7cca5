package dev.depthwise.engine.onednn;

import dev.depthwise.network.Weights;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;

/** Where calls find the tensors of the nodes. */
interface Parameters {
  /**
   * A parameter in the layout that a primitive wants.
   *
   * @param emitter adds a call before the primitive's, if the layout must be made anew at each run
   * @param plain the layout that files have
   * @param wanted the layout that the primitive chose
   */
  dnnl_memory packed(
      Emitter emitter, Weights.Key key, dnnl_memory_desc plain, dnnl_memory_desc wanted);

  /** A parameter as files have it. */
  default dnnl_memory plain(Emitter emitter, Weights.Key key, dnnl_memory_desc plain) {
    return packed(emitter, key, plain, plain);
  }
}
