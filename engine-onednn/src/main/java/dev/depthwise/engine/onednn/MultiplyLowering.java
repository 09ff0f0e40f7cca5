package dev.depthwise.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Shape;
import org.bytedeco.dnnl.dnnl_memory;

/**
 * Products. The derivative by a factor per channel is a mean over places, of products times their
 * number: oneDNN has a fast pool, but no fast sum over places.
 */
final class MultiplyLowering implements Lowering {
  @Override
  public void forward(Emitter emitter, Forward step) {
    Slot left = step.inputs().get(0);
    Slot right = step.inputs().get(1);
    dnnl_memory picture = emitter.memory(left);
    dnnl_memory factors = factors(emitter, step, right);
    boolean swapped = emitter.overlaid(right, step.output());
    Binary.multiply(
        emitter,
        "Multiply forward",
        swapped ? factors : picture,
        swapped ? picture : factors,
        emitter.memory(step.output()));
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    Forward forward = step.forward();
    dnnl_memory outputGradient = emitter.memory(step.outputGradient());
    Slot leftGradient = step.inputGradients().get(0);
    if (leftGradient != null) {
      Binary.multiply(
          emitter,
          "Multiply backward",
          outputGradient,
          factors(emitter, forward, forward.inputs().get(1)),
          emitter.memory(leftGradient));
    }
    Slot rightGradient = step.inputGradients().get(1);
    if (rightGradient == null) {
      return;
    }
    dnnl_memory left = emitter.memory(forward.inputs().get(0));
    if (isPerElement(forward)) {
      Binary.multiply(
          emitter, "Multiply backward", outputGradient, left, emitter.memory(rightGradient));
      return;
    }
    Shape shape = forward.output().shape();
    dnnl_memory products = emitter.temporary(emitter.descriptor(forward.output()));
    Binary.call(
        emitter,
        "Multiply backward",
        dnnl_binary_mul,
        outputGradient,
        left,
        products,
        Eltwise.times(shape.height() * shape.width()));
    PoolLowering.mean(
        emitter, "Multiply backward", shape, products, factors(emitter, forward, rightGradient));
  }

  private static boolean isPerElement(Forward step) {
    return step.inputs().get(0).shape().equals(step.inputs().get(1).shape());
  }

  /** The second factor or its derivative; one number per channel is a picture of one place. */
  private static dnnl_memory factors(Emitter emitter, Forward step, Slot slot) {
    return isPerElement(step)
        ? emitter.memory(slot)
        : emitter
            .natives()
            .memory(
                emitter.natives().tagged(dnnl_acdb, emitter.batch(), slot.shape().channels(), 1, 1),
                emitter.address(slot));
  }
}
