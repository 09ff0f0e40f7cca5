package dev.depthwise.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.engine.Sum;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Element-wise sums: shortcuts, and derivatives that meet. */
final class AddLowering implements Lowering {
  @Override
  public void forward(Emitter emitter, Forward step) {
    add(emitter, "Add forward", step.inputs(), step.output(), Eltwise.behind(step));
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    // Only a rectified sum has a backward step: otherwise derivatives pass through it as they are.
    ReluLowering.mask(
        emitter,
        "Add backward",
        step.forward().output(),
        step.outputGradient(),
        Objects.requireNonNull(step.inputGradient()));
  }

  static void sum(Emitter emitter, Sum step) {
    add(emitter, "Sum", step.sources(), step.output(), null);
  }

  private static void add(
      Emitter emitter, String kind, List<Slot> sources, Slot output, @Nullable Eltwise then) {
    List<Slot> ordered = new ArrayList<>(sources);
    // The result may lie over the left part only.
    for (int index = 1; index < ordered.size(); index++) {
      if (emitter.overlaid(ordered.get(index), output)) {
        Collections.swap(ordered, 0, index);
        break;
      }
    }
    Slot left = ordered.get(0);
    for (int index = 1; index < ordered.size(); index++) {
      boolean last = index == ordered.size() - 1;
      Binary.call(
          emitter,
          kind,
          dnnl_binary_add,
          emitter.memory(left),
          emitter.memory(ordered.get(index)),
          emitter.memory(output),
          last ? then : null);
      left = output;
    }
  }
}
