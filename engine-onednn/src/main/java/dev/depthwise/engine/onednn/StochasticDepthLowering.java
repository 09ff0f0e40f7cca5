package dev.depthwise.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.DropoutMask;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Shape;
import dev.depthwise.network.StochasticDepth;
import java.nio.FloatBuffer;
import java.util.Objects;
import org.bytedeco.dnnl.dnnl_memory;

/**
 * Stochastic depth: a factor for each picture is made in Java, kept, and multiplied with. It stands
 * there once for each channel: oneDNN spreads a number per channel fast, one per picture slowly.
 */
final class StochasticDepthLowering implements Lowering {
  @Override
  public long workspaceBytes(Emitter emitter, Forward step) {
    return (long) emitter.batch() * step.output().shape().channels() * Float.BYTES;
  }

  @Override
  public void forward(Emitter emitter, Forward step) {
    int channels = step.output().shape().channels();
    double rate = ((StochasticDepth) step.op()).rate();
    FloatBuffer factors =
        Natives.floats(
            emitter.address(Objects.requireNonNull(step.workspace())),
            (long) emitter.batch() * channels);
    emitter.task(
        "StochasticDepth mask",
        () -> {
          long key = DropoutMask.key(emitter.seed(), emitter.step(), step.name());
          for (int position = 0; position < factors.capacity(); position++) {
            factors.put(position, DropoutMask.factor(key, position / channels, rate));
          }
        });
    Binary.multiply(
        emitter,
        "StochasticDepth forward",
        emitter.memory(step.inputs().get(0)),
        factors(emitter, step),
        emitter.memory(step.output()));
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    Binary.multiply(
        emitter,
        "StochasticDepth backward",
        emitter.memory(step.outputGradient()),
        factors(emitter, step.forward()),
        emitter.memory(Objects.requireNonNull(step.inputGradient())));
  }

  private static dnnl_memory factors(Emitter emitter, Forward step) {
    Slot workspace = Objects.requireNonNull(step.workspace());
    Shape shape = step.output().shape();
    Shape perPicture = shape.isPicture() ? Shape.of(shape.channels(), 1, 1) : shape;
    Natives natives = emitter.natives();
    return natives.memory(
        natives.activation(emitter.batch(), perPicture), emitter.address(workspace));
  }
}
