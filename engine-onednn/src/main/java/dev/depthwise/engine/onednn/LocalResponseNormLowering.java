package dev.depthwise.engine.onednn;

import static dev.depthwise.engine.onednn.Emitter.arguments;
import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.LocalResponseNorm;
import dev.depthwise.network.Shape;
import java.nio.FloatBuffer;
import java.util.Objects;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.BytePointer;

/**
 * Composed of products: channels-last pictures are a matrix with a row of channels for each place,
 * and the sum over neighbouring channels is its product with a matrix that has a band of ones. Its
 * workspace keeps {@code log(k + alpha * sum)}, of which every power is an exponential.
 *
 * <p>oneDNN has a primitive for all of it, but for most exponents and processors that is a slow
 * one, and the fast one's derivative crashed for some sizes (oneDNN 3.11, AVX-512).
 */
final class LocalResponseNormLowering implements Lowering {
  @Override
  public long workspaceBytes(Emitter emitter, Forward step) {
    return (long) emitter.batch() * step.output().shape().size() * Float.BYTES;
  }

  @Override
  public void forward(Emitter emitter, Forward step) {
    Matrices matrices = new Matrices(emitter, step);
    LocalResponseNorm norm = (LocalResponseNorm) step.op();
    dnnl_memory input = matrices.of(step.inputs().get(0));
    dnnl_memory output = matrices.of(step.output());
    dnnl_memory squares = emitter.temporary(matrices.layout);
    matrices.multiply("LocalResponseNorm squares", input, input, squares, matrices.postOps());
    PostOps logarithm =
        matrices
            .postOps()
            .eltwise(dnnl_eltwise_linear, norm.alpha(), norm.k())
            .eltwise(dnnl_eltwise_log, 0, 0);
    Slot workspace = step.workspace();
    if (workspace == null) {
      PostOps power =
          logarithm
              .eltwise(dnnl_eltwise_linear, -norm.beta(), 0)
              .eltwise(dnnl_eltwise_exp, 0, 0)
              .multiply(matrices.layout, input);
      matrices.sum("LocalResponseNorm forward", squares, output, power);
    } else {
      dnnl_memory logarithms = matrices.of(workspace);
      matrices.sum("LocalResponseNorm logarithms", squares, logarithms, logarithm);
      PostOps times = matrices.exponential().multiply(matrices.layout, input);
      matrices.power("LocalResponseNorm forward", logarithms, -norm.beta(), output, times);
    }
  }

  @Override
  public void backward(Emitter emitter, Backward step) {
    Forward forward = step.forward();
    Matrices matrices = new Matrices(emitter, forward);
    LocalResponseNorm norm = (LocalResponseNorm) step.op();
    dnnl_memory input = matrices.of(forward.inputs().get(0));
    dnnl_memory logarithms = matrices.of(Objects.requireNonNull(forward.workspace()));
    dnnl_memory outputGradient = matrices.of(step.outputGradient());
    dnnl_memory inputGradient = matrices.of(Objects.requireNonNull(step.inputGradient()));
    dnnl_memory others = emitter.temporary(matrices.layout);
    PostOps asOther =
        matrices
            .exponential()
            .multiply(matrices.layout, outputGradient)
            .multiply(matrices.layout, input)
            .eltwise(dnnl_eltwise_linear, -2 * norm.alpha() * norm.beta(), 0);
    matrices.power("LocalResponseNorm others", logarithms, -norm.beta() - 1, others, asOther);
    PostOps asOwn = matrices.exponential().multiply(matrices.layout, outputGradient);
    matrices.power("LocalResponseNorm own", logarithms, -norm.beta(), inputGradient, asOwn);
    PostOps both = matrices.postOps().multiply(matrices.layout, input).accumulate();
    matrices.sum("LocalResponseNorm backward", others, inputGradient, both);
  }

  /** Pictures as matrices, and what is done to them. */
  private static final class Matrices {
    final dnnl_memory_desc layout;
    private final Emitter emitter;
    private final Natives natives;
    private final int channels;
    private final int size;

    Matrices(Emitter emitter, Forward step) {
      Shape shape = step.output().shape();
      this.emitter = emitter;
      this.natives = emitter.natives();
      this.channels = shape.channels();
      this.size = ((LocalResponseNorm) step.op()).size();
      this.layout =
          natives.plain((long) emitter.batch() * shape.height() * shape.width(), channels);
    }

    dnnl_memory of(Slot slot) {
      return natives.memory(layout, emitter.address(slot));
    }

    PostOps postOps() {
      return new PostOps(natives);
    }

    PostOps exponential() {
      return postOps().eltwise(dnnl_eltwise_exp, 0, 0);
    }

    /** {@code left * right}, element by element, with what follows. */
    void multiply(
        String kind, dnnl_memory left, dnnl_memory right, dnnl_memory to, PostOps postOps) {
      multiply(kind, left, layout, right, to, postOps);
    }

    /** {@code exponent * logarithm}, element by element, with what follows: an exponential. */
    void power(
        String kind, dnnl_memory logarithms, double exponent, dnnl_memory to, PostOps postOps) {
      dnnl_memory_desc one = natives.plain(1, 1);
      BytePointer at = natives.allocate(Natives.size(one));
      Natives.floats(at, 1).put(0, (float) exponent);
      multiply(kind, logarithms, one, natives.memory(one, at), to, postOps);
    }

    private void multiply(
        String kind,
        dnnl_memory left,
        dnnl_memory_desc rightLayout,
        dnnl_memory right,
        dnnl_memory to,
        PostOps postOps) {
      dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
      Natives.check(
          dnnl_binary_primitive_desc_create(
              descriptor,
              Natives.cpu(),
              dnnl_binary_mul,
              layout,
              rightLayout,
              layout,
              postOps.attributes(emitter)),
          "describe a product");
      emitter.call(
          kind,
          natives.own(descriptor),
          postOps.arguments(
              arguments(DNNL_ARG_SRC_0, left).with(DNNL_ARG_SRC_1, right).with(DNNL_ARG_DST, to)));
    }

    /** The sum over neighbouring channels. */
    void sum(String kind, dnnl_memory from, dnnl_memory to, PostOps postOps) {
      dnnl_memory_desc square = natives.plain(channels, channels);
      BytePointer ones = natives.allocate(Natives.size(square));
      FloatBuffer band = Natives.floats(ones, (long) channels * channels);
      for (int row = 0; row < channels; row++) {
        int last = Math.min(channels - 1, row + size / 2);
        for (int column = Math.max(0, row - size / 2); column <= last; column++) {
          band.put(row * channels + column, 1);
        }
      }
      dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
      Natives.check(
          dnnl_matmul_primitive_desc_create(
              descriptor, Natives.cpu(), layout, square, null, layout, postOps.attributes(emitter)),
          "describe a sum over channels");
      emitter.call(
          kind,
          natives.own(descriptor),
          postOps.arguments(
              arguments(DNNL_ARG_SRC, from)
                  .with(DNNL_ARG_WEIGHTS, natives.memory(square, ones))
                  .with(DNNL_ARG_DST, to)));
    }
  }
}
