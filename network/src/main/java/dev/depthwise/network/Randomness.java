package dev.depthwise.network;

/**
 * Random numbers by key instead of by sequence: the same key gives the same number, whichever
 * thread asks, in whatever order.
 *
 * <p>The mixing is SplitMix64's (Steele, Lea and Flood 2014).
 */
public final class Randomness {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private Randomness() {}

  /** A key made of another and one more number: (seed, epoch, picture, ...) one after the other. */
  public static long key(long key, long number) {
    return mix(mix(key + GOLDEN_GAMMA) ^ (number * GOLDEN_GAMMA));
  }

  /** Uniform in [0, 1), 53 bits: the {@code index}-th number of a key. */
  public static double uniform(long key, long index) {
    return (mix(key + (index + 1) * GOLDEN_GAMMA) >>> 11) * 0x1.0p-53;
  }

  /** Uniform in {0, ..., bound - 1}: the {@code index}-th number of a key. */
  public static int below(long key, long index, int bound) {
    return (int) (uniform(key, index) * bound);
  }

  /** Normal with mean 0 and deviation 1 (Box and Muller 1958): the {@code index}-th of a key. */
  public static double normal(long key, long index) {
    double radius = Math.sqrt(-2 * Math.log(1 - uniform(key, 2 * index)));
    return radius * Math.cos(2 * Math.PI * uniform(key, 2 * index + 1));
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
