package dev.depthwise.engine.onednn;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.DropoutMask;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Dropout;
import dev.depthwise.network.Shape;
import java.nio.FloatBuffer;
import java.util.Objects;
import org.bytedeco.dnnl.dnnl_memory;

/** Dropout: a mask of factors is made in Java, kept, and multiplied with. */
final class DropoutLowering implements Lowering {
  @Override
  public long workspaceBytes(Emitter emitter, Forward step) {
    return (long) emitter.batch() * step.output().shape().size() * Float.BYTES;
  }

  @Override
  public void forward(Emitter emitter, Forward step) {
    Slot mask = Objects.requireNonNull(step.workspace());
    Shape shape = step.output().shape();
    double rate = ((Dropout) step.op()).rate();
    FloatBuffer factors =
        Natives.floats(emitter.address(mask), (long) emitter.batch() * shape.size());
    emitter.task(
        "Dropout mask",
        () ->
            fill(
                factors,
                DropoutMask.key(emitter.seed(), emitter.step(), step.name()),
                rate,
                emitter.batch(),
                shape));
    Binary.multiply(
        emitter,
        "Dropout forward",
        emitter.memory(step.inputs().get(0)),
        mask(emitter, step),
        emitter.memory(step.output()));
  }

  /** The mask counts in logical order, the memory is channels-last. */
  private static void fill(FloatBuffer factors, long key, double rate, int batch, Shape shape) {
    int channels = shape.channels();
    int places = shape.size() / channels;
    int position = 0;
    for (int picture = 0; picture < batch; picture++) {
      for (int place = 0; place < places; place++) {
        for (int channel = 0; channel < channels; channel++) {
          long element = ((long) picture * channels + channel) * places + place;
          factors.put(position++, DropoutMask.factor(key, element, rate));
        }
      }
    }
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    Binary.multiply(
        emitter,
        "Dropout backward",
        emitter.memory(step.outputGradient()),
        mask(emitter, step.forward()),
        emitter.memory(Objects.requireNonNull(step.inputGradient())));
  }

  private static dnnl_memory mask(Emitter emitter, Forward step) {
    return emitter
        .natives()
        .memory(
            emitter.descriptor(step.output()),
            emitter.address(Objects.requireNonNull(step.workspace())));
  }
}
