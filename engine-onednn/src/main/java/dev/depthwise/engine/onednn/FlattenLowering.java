package dev.depthwise.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_abcd;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Shape;
import java.util.Objects;
import org.bytedeco.dnnl.dnnl_memory_desc;

/** A picture as a vector, channels outermost: a copy from channels-last, and back. */
final class FlattenLowering implements Lowering {
  @Override
  public void forward(Emitter emitter, Forward step) {
    Slot input = step.inputs().get(0);
    dnnl_memory_desc flat = flat(emitter, input.shape());
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
    dnnl_memory_desc flat = flat(emitter, gradient.shape());
    emitter.reorder(
        "Flatten backward",
        flat,
        emitter.natives().memory(flat, emitter.address(step.outputGradient())),
        emitter.descriptor(gradient),
        emitter.memory(gradient));
  }

  private static dnnl_memory_desc flat(Emitter emitter, Shape picture) {
    return emitter.natives().tagged(dnnl_abcd, emitter.dimensions(picture));
  }
}
