package dev.depthwise.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_abcd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_acdb;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Flatten;
import dev.depthwise.network.Shape;
import java.util.Objects;
import org.bytedeco.dnnl.dnnl_memory_desc;

/** A picture as a vector, and back: a copy between channels-last and the vector's order. */
final class FlattenLowering implements Lowering {
  @Override
  public void forward(Emitter emitter, Forward step) {
    Slot input = step.inputs().get(0);
    dnnl_memory_desc flat = flat(emitter, step, input.shape());
    emitter.reorder(
        "Flatten forward",
        emitter.descriptor(input),
        emitter.memory(input),
        flat,
        emitter.natives().memory(flat, emitter.address(step.output())));
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    Slot gradient = Objects.requireNonNull(step.inputGradient());
    dnnl_memory_desc flat = flat(emitter, step.forward(), gradient.shape());
    emitter.reorder(
        "Flatten backward",
        flat,
        emitter.natives().memory(flat, emitter.address(step.outputGradient())),
        emitter.descriptor(gradient),
        emitter.memory(gradient));
  }

  /** The vector's order as a layout of pictures. */
  private static dnnl_memory_desc flat(Emitter emitter, Forward step, Shape picture) {
    int tag =
        switch (((Flatten) step.op()).order()) {
          case CHW -> dnnl_abcd;
          case HWC -> dnnl_acdb;
        };
    return emitter.natives().tagged(tag, emitter.dimensions(picture));
  }
}
