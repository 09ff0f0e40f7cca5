package dev.depthwise.engine.onednn;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Crop;
import dev.depthwise.network.Op;
import dev.depthwise.network.Shape;
import dev.depthwise.network.ZeroPad;
import java.util.Objects;
import org.bytedeco.dnnl.dnnl_memory_desc;

/**
 * Cropping, and padding with zeros: each is the other's derivative. Both are copies between a
 * picture and a part of a larger one.
 */
final class BorderLowering implements Lowering {
  @Override
  public void forward(Emitter emitter, Forward step) {
    String kind = step.op().getClass().getSimpleName() + " forward";
    boolean cuts = step.op() instanceof Crop;
    lower(emitter, kind, step.op(), step.inputs().get(0), step.output(), cuts);
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    String kind = step.op().getClass().getSimpleName() + " backward";
    boolean cuts = step.op() instanceof ZeroPad;
    Slot inputGradient = Objects.requireNonNull(step.inputGradient());
    lower(emitter, kind, step.op(), step.outputGradient(), inputGradient, cuts);
  }

  private static void lower(Emitter emitter, String kind, Op op, Slot from, Slot to, boolean cuts) {
    int top = op instanceof Crop crop ? crop.top() : ((ZeroPad) op).top();
    int left = op instanceof Crop crop ? crop.left() : ((ZeroPad) op).left();
    if (cuts) {
      cut(emitter, kind, from, to, top, left);
    } else {
      surround(emitter, kind, from, to, top, left);
    }
  }

  private static void cut(
      Emitter emitter, String kind, Slot whole, Slot inner, long top, long left) {
    dnnl_memory_desc part = part(emitter, whole, inner.shape(), top, left);
    emitter.reorder(
        kind,
        part,
        emitter.natives().memory(part, emitter.address(whole)),
        emitter.descriptor(inner),
        emitter.memory(inner));
  }

  private static void surround(
      Emitter emitter, String kind, Slot inner, Slot whole, int top, int left) {
    Shape small = inner.shape();
    Shape large = whole.shape();
    int below = top + small.height();
    int behind = left + small.width();
    zero(emitter, kind, whole, 0, 0, top, large.width());
    zero(emitter, kind, whole, below, 0, large.height() - below, large.width());
    zero(emitter, kind, whole, top, 0, small.height(), left);
    zero(emitter, kind, whole, top, behind, small.height(), large.width() - behind);
    dnnl_memory_desc part = part(emitter, whole, small, top, left);
    emitter.reorder(
        kind,
        emitter.descriptor(inner),
        emitter.memory(inner),
        part,
        emitter.natives().memory(part, emitter.address(whole)));
  }

  private static void zero(
      Emitter emitter, String kind, Slot whole, int top, int left, int height, int width) {
    if (height == 0 || width == 0) {
      return;
    }
    Shape extent = Shape.of(whole.shape().channels(), height, width);
    dnnl_memory_desc part = part(emitter, whole, extent, top, left);
    dnnl_memory_desc zeros = emitter.natives().activation(emitter.batch(), extent);
    emitter.reorder(
        kind + ", border",
        zeros,
        emitter.zeros(zeros),
        part,
        emitter.natives().memory(part, emitter.address(whole)));
  }

  private static dnnl_memory_desc part(
      Emitter emitter, Slot whole, Shape extent, long top, long left) {
    return emitter
        .natives()
        .part(emitter.descriptor(whole), emitter.dimensions(extent), new long[] {0, 0, top, left});
  }
}
