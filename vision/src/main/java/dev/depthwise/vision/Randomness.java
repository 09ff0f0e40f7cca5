package dev.depthwise.vision;

/**
 * A stream of random numbers that its key alone decides: the same key gives the same numbers on any
 * thread, in any order, on any machine. Make one where it is needed (it is cheap) and share none.
 *
 * <p>Source: SplitMix64 (Steele, Lea, Flood 2014), the key mixed in word by word.
 */
public final class Randomness {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  private Randomness(long state) {
    this.state = state;
  }

  /**
   * The stream of this key.
   *
   * @param purpose keeps apart what shares a seed, for example {@code "shuffle"}
   * @param key for example seed, epoch and picture index
   */
  public static Randomness keyed(String purpose, long... key) {
    long state = purpose.hashCode();
    for (long word : key) {
      state = mix(state + GOLDEN_GAMMA) ^ mix(word * GOLDEN_GAMMA + 1);
    }
    return new Randomness(mix(state));
  }

  /** 64 random bits. */
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** A whole number in [0, bound). */
  public int below(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound must be positive, was " + bound);
    }
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }

  /** A number in [0, 1). */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** A number in [from, to). */
  public double between(double from, double to) {
    return from + nextDouble() * (to - from);
  }

  /** A number of the normal distribution with mean 0 and deviation 1 (Box and Muller 1958). */
  public double nextGaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * nextDouble());
  }

  /** The numbers 0 to {@code size - 1} in random order (Fisher and Yates). */
  public int[] permutation(int size) {
    int[] permutation = new int[size];
    for (int i = 0; i < size; i++) {
      int j = below(i + 1);
      permutation[i] = permutation[j];
      permutation[j] = i;
    }
    return permutation;
  }

  private static long mix(long value) {
    long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }
}
