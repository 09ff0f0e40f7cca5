package dev.depthwise.vision;

import java.nio.FloatBuffer;

/**
 * Some pictures ready for a network.
 *
 * @param pixels direct, native order, NCHW; position 0, limit at the end of the last picture, the
 *     capacity that of a full batch. Valid until the next batch is asked for
 * @param targets what the pictures show, {@code count} of them
 * @param indices where the pictures stand in the data set, {@code count} of them
 * @param count how many pictures; less than the batch size only in an epoch's last batch
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier between two loops, never compared.
public record Batch(FloatBuffer pixels, Targets targets, int[] indices, int count) {
  /** Of each picture the class that it shows most of. */
  public int[] labels() {
    return targets.labels();
  }
}
