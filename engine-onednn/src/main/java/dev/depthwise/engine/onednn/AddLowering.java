package dev.depthwise.engine.onednn;

import static dev.depthwise.engine.onednn.Emitter.arguments;
import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.engine.Sum;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/** Element-wise sums: shortcuts, and derivatives that meet. */
final class AddLowering implements Lowering {
  @Override
  public void forward(Emitter emitter, Forward step) {
    add(emitter, "Add forward", step.inputs(), step.output(), step.relu());
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
    add(emitter, "Sum", step.sources(), step.output(), false);
  }

  private static void add(
      Emitter emitter, String kind, List<Slot> sources, Slot output, boolean relu) {
    List<Slot> ordered = new ArrayList<>(sources);
    // oneDNN writes over its first source only.
    for (int index = 1; index < ordered.size(); index++) {
      if (emitter.overlaid(ordered.get(index), output)) {
        Collections.swap(ordered, 0, index);
        break;
      }
    }
    Slot left = ordered.get(0);
    for (int index = 1; index < ordered.size(); index++) {
      boolean last = index == ordered.size() - 1;
      binary(emitter, kind, left, ordered.get(index), output, relu && last);
      left = output;
    }
  }

  private static void binary(
      Emitter emitter, String kind, Slot left, Slot right, Slot output, boolean relu) {
    dnnl_memory_desc layout = emitter.descriptor(output);
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_binary_primitive_desc_create(
            descriptor,
            Natives.cpu(),
            dnnl_binary_add,
            layout,
            layout,
            layout,
            emitter.natives().attributes(false, relu)),
        "describe a sum");
    emitter.natives().own(descriptor);
    emitter.call(
        kind,
        descriptor,
        arguments(DNNL_ARG_SRC_0, emitter.memory(left))
            .with(DNNL_ARG_SRC_1, emitter.memory(right))
            .with(DNNL_ARG_DST, emitter.memory(output)));
  }
}
