package dev.depthwise.training;

import dev.depthwise.engine.TrainingExecutable;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import dev.depthwise.vision.Batch;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks into a run after a step. Nothing is copied before it is asked for.
 *
 * <p>Valid during {@link TrainingListener#onStep} alone.
 */
public final class TrainingView {
  private final TrainingExecutable executable;
  private final Set<Weights.Key> trained;
  private @Nullable Batch batch;
  private boolean open;

  TrainingView(TrainingExecutable executable, Set<Weights.Key> trained) {
    this.executable = executable;
    this.trained = trained;
  }

  /** Takes note of the pictures that the network sees. */
  void look(Batch at) {
    batch = at;
  }

  /** Opens the view for a listener, for as long as it looks. */
  void show(Runnable look) {
    open = true;
    try {
      look.run();
    } finally {
      open = false;
    }
  }

  /** The pictures of the step (of several batches the last), varied and normalised; not copied. */
  public Batch batch() {
    requireOpen();
    return Objects.requireNonNull(batch);
  }

  /** The parameters that are trained, in the order of the network. */
  public Set<Weights.Key> trained() {
    return trained;
  }

  /** All parameters as they are after the step, copied. */
  public Weights weights() {
    requireOpen();
    return executable.weights();
  }

  /**
   * The derivative of the step's loss by a trained parameter, before clipping; copied.
   *
   * @throws IllegalArgumentException if the parameter is not trained
   */
  public Tensor gradient(Weights.Key key) {
    requireOpen();
    return executable.gradient(key);
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("a run is looked into while onStep is called, not later");
    }
  }
}
