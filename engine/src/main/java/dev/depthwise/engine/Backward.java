package dev.depthwise.engine;

import dev.depthwise.network.Activation;
import dev.depthwise.network.Add;
import dev.depthwise.network.Dropout;
import dev.depthwise.network.Op;
import dev.depthwise.network.Relu;
import dev.depthwise.network.Role;
import dev.depthwise.network.Scale;
import dev.depthwise.network.StochasticDepth;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the derivative by a forward step's output to those by its inputs and its parameters.
 *
 * @param forward the step it belongs to
 * @param saved which of that step's slots it reads
 * @param outputGradient the derivative by the output
 * @param inputGradients one for each input, or null where nobody asks; an {@link Add} has one slot
 *     for both
 * @param parameterGradients the roles whose derivative is asked; the engine keeps those tensors
 *     beside the parameters
 */
public record Backward(
    Forward forward,
    Set<Saved> saved,
    Slot outputGradient,
    List<@Nullable Slot> inputGradients,
    Set<Role> parameterGradients)
    implements Step {
  /** What a backward step reads of its forward step. */
  public enum Saved {
    /** Its inputs. */
    INPUTS,
    /** Its output. */
    OUTPUT,
    /** What it left on purpose. */
    WORKSPACE
  }

  public Backward {
    saved = Set.copyOf(saved);
    inputGradients = java.util.Collections.unmodifiableList(new ArrayList<>(inputGradients));
    parameterGradients = Set.copyOf(parameterGradients);
  }

  /** The same of a forward step that was repeated elsewhere. */
  Backward of(Forward other) {
    return new Backward(other, saved, outputGradient, inputGradients, parameterGradients);
  }

  @Override
  public String name() {
    return forward.name();
  }

  /** The operation whose derivative this is. */
  public Op op() {
    return forward.op();
  }

  /** The derivative by the only input, or null if nobody asks for it. */
  public @Nullable Slot inputGradient() {
    return inputGradients.get(0);
  }

  @Override
  public List<Slot> reads() {
    List<Slot> reads = new ArrayList<>();
    reads.add(outputGradient);
    if (saved.contains(Saved.INPUTS)) {
      reads.addAll(forward.inputs());
    }
    if (saved.contains(Saved.OUTPUT)) {
      reads.add(forward.output());
    }
    if (saved.contains(Saved.WORKSPACE)) {
      reads.add(Objects.requireNonNull(forward.workspace()));
    }
    return reads;
  }

  @Override
  public List<Slot> writes() {
    return inputGradients.stream().filter(Objects::nonNull).distinct().toList();
  }

  @Override
  public List<Slot> overlays() {
    boolean elementwise =
        op() instanceof Relu
            || op() instanceof Activation
            || op() instanceof Add
            || op() instanceof Dropout
            || op() instanceof Scale
            || op() instanceof StochasticDepth;
    return elementwise ? List.of(outputGradient) : List.of();
  }

  @Override
  public String toString() {
    return "%s, %s = d%s(%s)  # %s"
        .formatted(inputGradients, parameterGradients, op(), reads(), name());
  }
}
