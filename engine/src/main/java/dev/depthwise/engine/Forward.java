package dev.depthwise.engine;

import dev.depthwise.network.Activation;
import dev.depthwise.network.Add;
import dev.depthwise.network.Dropout;
import dev.depthwise.network.LayerScale;
import dev.depthwise.network.Multiply;
import dev.depthwise.network.Op;
import dev.depthwise.network.Relu;
import dev.depthwise.network.Scale;
import dev.depthwise.network.StochasticDepth;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Computes an operation, and what is fused behind it: {@code activation?(op(inputs) + addend?)}.
 *
 * @param name the node whose parameters it uses
 * @param op the operation
 * @param inputs as the operation orders them
 * @param addend added to the result, which then lies in its place: nobody reads it later
 * @param output the result
 * @param training whether batch norm takes the batch's statistics (and moves the running ones) and
 *     dropout and stochastic depth drop
 * @param activation the function that follows, if one does: {@link Relu} or {@link Activation}
 * @param workspace what it leaves for its backward step, if that needs something
 * @param repeated whether it computes again what it computed before in the same training step:
 *     running statistics have been moved already
 */
public record Forward(
    String name,
    Op op,
    List<Slot> inputs,
    @Nullable Slot addend,
    Slot output,
    boolean training,
    @Nullable Op activation,
    @Nullable Slot workspace,
    boolean repeated)
    implements Step {
  public Forward {
    inputs = List.copyOf(inputs);
    if (activation != null && !isActivation(activation)) {
      throw new IllegalArgumentException(activation + " is no function of each element by itself");
    }
  }

  /** Whether an operation can follow another within its step. */
  static boolean isActivation(Op op) {
    return op instanceof Relu || op instanceof Activation;
  }

  /** The same with a function behind it, and what that makes as its output. */
  Forward withActivation(Op function, Slot activated) {
    return new Forward(
        name, op, inputs, addend, activated, training, function, workspace, repeated);
  }

  /** The same with a sum behind it. */
  Forward withAddend(Slot other, Slot sum) {
    return new Forward(name, op, inputs, other, sum, training, activation, workspace, repeated);
  }

  /** The same again, from other slots to other slots. */
  Forward again(UnaryOperator<Slot> other) {
    return new Forward(
        name,
        op,
        inputs.stream().map(other).toList(),
        addend,
        other.apply(output),
        training,
        activation,
        workspace == null ? null : other.apply(workspace),
        true);
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
    return isElementwise() ? inputs : List.of();
  }

  private boolean isElementwise() {
    return isActivation(op)
        || op instanceof Add
        || op instanceof Dropout
        || op instanceof LayerScale
        || op instanceof Multiply
        || op instanceof Scale
        || op instanceof StochasticDepth;
  }

  @Override
  public String toString() {
    return "%s = %s%s(%s)%s%s  # %s"
        .formatted(
            output,
            (repeated ? "again " : "") + (training ? "training " : ""),
            op,
            inputs,
            addend == null ? "" : " + " + addend,
            activation == null ? "" : " > " + activation,
            name);
  }
}
