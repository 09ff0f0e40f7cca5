package dev.depthwise.engine;

import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * A network compiled for inference.
 *
 * <p>It owns its native memory and frees it at {@link #close}. One thread at a time may use it; two
 * executables never share anything that is written to.
 */
public interface Executable extends AutoCloseable {
  /** The shape of one picture: channels x height x width. */
  Shape input();

  /** The shape of each output for one picture, by name. */
  Map<String, Shape> outputs();

  /** The most pictures of one run. */
  int batch();

  /**
   * Runs the network; allocates nothing once it has seen that count.
   *
   * @param pictures at its position {@code count} pictures in NCHW order; read, not moved
   * @param count from 1 to {@link #batch}
   */
  void run(FloatBuffer pictures, int count);

  /**
   * What the last run made: {@code count} results in logical (NCHW) order, from position 0. Read
   * only, and valid until the next run or {@link #close}.
   */
  FloatBuffer output(String name);

  /** The principal output: the first of {@link #outputs}. */
  default FloatBuffer output() {
    return output(outputs().keySet().iterator().next());
  }

  /** Replaces the weights with others of the same network. */
  void load(Weights weights);

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
