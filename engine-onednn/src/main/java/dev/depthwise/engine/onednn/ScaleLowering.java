package dev.depthwise.engine.onednn;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.network.Scale;
import java.util.Objects;

/** A product with a constant, which is its own derivative. */
final class ScaleLowering implements Lowering {
  @Override
  public void forward(Emitter emitter, Forward step) {
    ActivationLowering.apply(
        emitter,
        "Scale forward",
        Eltwise.times(((Scale) step.op()).factor()),
        step.inputs().get(0),
        step.output());
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    ActivationLowering.apply(
        emitter,
        "Scale backward",
        Eltwise.times(((Scale) step.op()).factor()),
        step.outputGradient(),
        Objects.requireNonNull(step.inputGradient()));
  }
}
