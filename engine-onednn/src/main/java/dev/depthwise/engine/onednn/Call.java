package dev.depthwise.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;

import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.jspecify.annotations.Nullable;

/** One entry of the flat list that runs: a primitive with its arguments, or a piece of Java. */
final class Call {
  private final Label label;
  private final @Nullable dnnl_primitive primitive;
  private final @Nullable dnnl_exec_arg_t arguments;
  private final int count;
  private final Runnable task;

  /**
   * What a call is, for people.
   *
   * @param step the node it works for
   * @param kind what it does: "Conv2d forward"
   * @param implementation the kernel that oneDNN chose, or "java"
   * @param multiplyAdds of the whole batch; 0 where none are counted
   */
  record Label(String step, String kind, String implementation, long multiplyAdds) {}

  Call(Label label, dnnl_primitive primitive, dnnl_exec_arg_t arguments, int count) {
    this.label = label;
    this.primitive = primitive;
    this.arguments = arguments;
    this.count = count;
    this.task = () -> {};
  }

  Call(Label label, Runnable task) {
    this.label = label;
    this.primitive = null;
    this.arguments = null;
    this.count = 0;
    this.task = task;
  }

  Label label() {
    return label;
  }

  void run(dnnl_stream stream) {
    if (primitive == null) {
      task.run();
      return;
    }
    int status = dnnl_primitive_execute(primitive, stream, count, arguments);
    if (status != 0) {
      Natives.check(status, "run " + label);
    }
  }
}
