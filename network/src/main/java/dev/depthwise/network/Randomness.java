package dev.depthwise.network;

/**
 * Random numbers that a key alone decides: the same key gives the same numbers on any thread, in
 * any order.
 *
 * <p>There are two ways to them. Where each number has a place of its own (an element of a tensor,
 * say), the static methods look it up by key and index. Where it depends on the numbers before how
 * many are wanted, {@link #keyed} begins a stream; it is cheap: make one where it is needed and
 * share none.
 *
 * <p>Source: SplitMix64 (Steele, Lea and Flood 2014), of which a key is the state and an index the
 * number of steps.
 */
public final class Randomness {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  private Randomness(long state) {
    this.state = state;
  }

  /** A key made of another and one more number: (seed, epoch, picture, ...) one after the other. */
  public static long key(long key, long number) {
    return mix(mix(key + GOLDEN_GAMMA) ^ (number * GOLDEN_GAMMA));
  }

  /** Uniform in [0, 1), 53 bits: the {@code index}-th number of a key. */
  public static double uniform(long key, long index) {
    return fraction(mix(key + (index + 1) * GOLDEN_GAMMA));
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

  /** The stream's next 64 random bits. */
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** The stream's next number in [0, 1). */
  public double nextDouble() {
    return fraction(nextLong());
  }

  /** The stream's next whole number in [0, bound). */
  public int below(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound must be positive, was " + bound);
    }
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }

  /** The stream's next number in [from, to). */
  public double between(double from, double to) {
    return from + nextDouble() * (to - from);
  }

  /** The stream's next number of the normal distribution with mean 0 and deviation 1. */
  public double nextGaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * nextDouble());
  }

  /**
   * The stream's next number of the beta distribution that has the same parameter twice: in [0, 1],
   * symmetric about 1/2.
   *
   * @param alpha positive; near 0 for numbers near 0 and 1, 1 for uniform ones, large for numbers
   *     near 1/2
   */
  public double nextBeta(double alpha) {
    double first = nextLogGamma(alpha);
    double second = nextLogGamma(alpha);
    return 1 / (1 + StrictMath.exp(second - first));
  }

  /**
   * The logarithm (small parameters give numbers that are 0 otherwise) of the stream's next number
   * of a gamma distribution (Marsaglia and Tsang 2000, sections 2 and 6).
   */
  private double nextLogGamma(double shape) {
    double d = shape + 1 - 1.0 / 3;
    double c = 1 / StrictMath.sqrt(9 * d);
    while (true) {
      double x = nextGaussian();
      double root = 1 + c * x;
      double logUniform = StrictMath.log(1 - nextDouble());
      if (root > 0) {
        double v = root * root * root;
        if (logUniform < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) {
          return StrictMath.log(d * v) + StrictMath.log(1 - nextDouble()) / shape;
        }
      }
    }
  }

  /** The numbers 0 to {@code size - 1} in an order of the stream's (Fisher and Yates). */
  public int[] permutation(int size) {
    int[] permutation = new int[size];
    for (int i = 0; i < size; i++) {
      int j = below(i + 1);
      permutation[i] = permutation[j];
      permutation[j] = i;
    }
    return permutation;
  }

  private static double fraction(long bits) {
    return (bits >>> 11) * 0x1.0p-53;
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
