package dev.depthwise.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.PadChannels;
import dev.depthwise.network.Shape;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.PointerPointer;

/** Pictures stacked along their channels; channels of zeros are one more picture. */
final class ConcatLowering implements Lowering {
  @Override
  public void forward(Emitter emitter, Forward step) {
    List<dnnl_memory_desc> layouts = new ArrayList<>();
    List<dnnl_memory> memories = new ArrayList<>();
    for (Slot input : step.inputs()) {
      layouts.add(emitter.descriptor(input));
      memories.add(emitter.memory(input));
    }
    if (step.op() instanceof PadChannels pad) {
      Shape extent = step.output().shape().withChannels(pad.count());
      dnnl_memory_desc layout = emitter.natives().activation(emitter.batch(), extent);
      layouts.add(layout);
      memories.add(emitter.zeros(layout));
    }
    dnnl_primitive_desc descriptor;
    try (Natives local = new Natives()) {
      PointerPointer<dnnl_memory_desc> sources = local.pointers(layouts.size());
      PointerPointer<dnnl_primitive_desc> made = local.pointers(1);
      for (int index = 0; index < layouts.size(); index++) {
        sources.put(index, layouts.get(index));
      }
      Natives.check(
          dnnl_concat_primitive_desc_create(
              made,
              Natives.cpu(),
              emitter.descriptor(step.output()),
              layouts.size(),
              1,
              sources,
              emitter.attributes()),
          "describe " + step.name());
      descriptor = new dnnl_primitive_desc(made.get(0));
    }
    Emitter.Arguments arguments = Emitter.arguments(DNNL_ARG_DST, emitter.memory(step.output()));
    for (int index = 0; index < memories.size(); index++) {
      arguments.with(DNNL_ARG_MULTIPLE_SRC + index, memories.get(index));
    }
    emitter.call(
        step.op().getClass().getSimpleName() + " forward",
        emitter.natives().own(descriptor),
        arguments);
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    dnnl_memory_desc whole = emitter.descriptor(step.outputGradient());
    long channel = 0;
    for (int index = 0; index < step.inputGradients().size(); index++) {
      Shape shape = step.forward().inputs().get(index).shape();
      Slot gradient = step.inputGradients().get(index);
      if (gradient != null) {
        dnnl_memory_desc part =
            emitter.natives().part(whole, emitter.dimensions(shape), new long[] {0, channel, 0, 0});
        emitter.reorder(
            step.op().getClass().getSimpleName() + " backward",
            part,
            emitter.natives().memory(part, emitter.address(step.outputGradient())),
            emitter.descriptor(gradient),
            emitter.memory(gradient));
      }
      channel += shape.channels();
    }
  }
}
