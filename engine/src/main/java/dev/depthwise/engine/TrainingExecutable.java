package dev.depthwise.engine;

import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/**
 * A network compiled for training; one step is {@link #forward}, the loss (not the engine's
 * affair), {@link #backward}, {@link #update}.
 *
 * <p>It owns its native memory and frees it at {@link #close}. One thread at a time may use it.
 * With the same seed, steps and threads it computes the same bits.
 */
public interface TrainingExecutable extends AutoCloseable {
  /** The shape of one picture: channels x height x width. */
  Shape input();

  /** The shape of each output for one picture, by name. */
  Map<String, Shape> outputs();

  /** The most pictures of one step. */
  int batch();

  /**
   * Computes the outputs, with the batch's statistics, and moves the running ones.
   *
   * @param pictures at its position {@code count} pictures in NCHW order; read, not moved
   * @param count from 1 to {@link #batch}; statistics are of exactly these
   * @param step the number of the step, which keys dropout
   */
  void forward(FloatBuffer pictures, int count, long step);

  /** An output of the last {@link #forward}: read only, valid until the next. */
  FloatBuffer output(String name);

  /**
   * Computes the gradients of the last {@link #forward}, once: what it kept for this is used up
   * then. Earlier gradients are replaced, but for those that {@link #accumulate} set aside: they
   * are added.
   *
   * @param outputGradients for each output the derivative of the loss by it, {@code count} times
   *     its shape, at its position
   * @throws IllegalStateException if there was no forward pass since the last backward pass
   */
  void backward(Map<String, FloatBuffer> outputGradients);

  /**
   * The derivative by a named value that was asked for at compile: read only.
   *
   * @throws IllegalStateException if there was no backward pass since the last forward pass
   */
  FloatBuffer gradient(String value);

  /**
   * Sets the gradients by parameters aside, so that those of the next backward pass are added to
   * them, and so on up to the next {@link #update}: several small batches, whose losses are divided
   * by the number of pictures of all, give the gradients of one large batch, where no batch norm
   * looks at the pictures together.
   *
   * @throws IllegalStateException if there was no backward pass since the last forward pass
   */
  void accumulate();

  /**
   * The Euclidean norm of the gradients by all trained parameters, taken together, as {@link
   * #update} would use them; not finite if one of them is not.
   *
   * @throws IllegalStateException if there was no backward pass since the last forward pass
   */
  double gradientNorm();

  /**
   * The derivative by a trained parameter, copied.
   *
   * @throws IllegalStateException if there was no backward pass since the last forward pass
   */
  Tensor gradient(Weights.Key key);

  /**
   * Changes every trained parameter by its gradient. What was accumulated is used up.
   *
   * @throws IllegalStateException if there was no backward pass since the last forward pass
   */
  void update(UpdateRule rule);

  /** The parameters as they are now, copied. */
  Weights weights();

  /** Replaces the parameters. */
  void load(Weights weights);

  /**
   * What the update rule remembers of each trained parameter, copied; empty before the first
   * update.
   */
  Map<Weights.Key, List<Tensor>> moments();

  /** Replaces what the update rule remembers. */
  void loadMoments(Map<Weights.Key, List<Tensor>> moments);

  /** Bytes of native memory it holds. */
  long nativeBytes();

  /**
   * Looks whether anything was written between the tensors.
   *
   * @throws IllegalStateException if so, or if it was not compiled with guards
   */
  void verifyGuards();

  @Override
  void close();
}
