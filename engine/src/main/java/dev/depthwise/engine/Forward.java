package dev.depthwise.engine;

import dev.depthwise.network.Add;
import dev.depthwise.network.Dropout;
import dev.depthwise.network.Op;
import dev.depthwise.network.Relu;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes an operation, and what is fused behind it: {@code relu?(op(inputs) + addend?)}.
 *
 * @param name the node whose parameters it uses
 * @param op the operation
 * @param inputs as the operation orders them
 * @param addend added to the result, which then lies in its place: nobody reads it later
 * @param output the result
 * @param training whether batch norm takes the batch's statistics (and moves the running ones) and
 *     dropout drops
 * @param relu whether the rectifier follows
 * @param workspace what it leaves for its backward step, if that needs something
 */
public record Forward(
    String name,
    Op op,
    List<Slot> inputs,
    @Nullable Slot addend,
    Slot output,
    boolean training,
    boolean relu,
    @Nullable Slot workspace)
    implements Step {
  public Forward {
    inputs = List.copyOf(inputs);
  }

  /** The same with the rectifier behind it, and what that makes as its output. */
  Forward withRelu(Slot rectified) {
    return new Forward(name, op, inputs, addend, rectified, training, true, workspace);
  }

  /** The same with a sum behind it. */
  Forward withAddend(Slot other, Slot sum) {
    return new Forward(name, op, inputs, other, sum, training, relu, workspace);
  }

  @Override
  public List<Slot> reads() {
    List<Slot> reads = new ArrayList<>(inputs);
    if (addend != null) {
      reads.add(addend);
    }
    return reads;
  }

  @Override
  public List<Slot> writes() {
    return workspace == null ? List.of(output) : List.of(output, workspace);
  }

  @Override
  public List<Slot> overlays() {
    if (addend != null) {
      return List.of(addend);
    }
    return op instanceof Relu || op instanceof Add || op instanceof Dropout ? inputs : List.of();
  }

  @Override
  public String toString() {
    return "%s = %s%s(%s)%s%s  # %s"
        .formatted(
            output,
            training ? "training " : "",
            op,
            inputs,
            addend == null ? "" : " + " + addend,
            relu ? " > relu" : "",
            name);
  }
}
