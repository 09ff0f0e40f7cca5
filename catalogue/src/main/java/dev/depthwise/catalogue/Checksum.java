package dev.depthwise.catalogue;

import dev.depthwise.network.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What the bytes of a file are known by.
 *
 * @param algorithm of the sum
 * @param hex its digits, lower case; of a SHA-256 at least the first eight, as PyTorch has them in
 *     the names of its files
 */
public record Checksum(Algorithm algorithm, String hex) {
  private static final int LEAST = 8;
  private static final int BUFFER = 1 << 16;

  /** How a sum is computed. */
  public enum Algorithm {
    /** What Keras publishes. It shows damage, but no longer keeps out whoever means harm. */
    MD5("MD5", 32),
    /** What is recorded here, and what PyTorch publishes the start of. */
    SHA256("SHA-256", 64);

    private final String name;
    private final int digits;

    Algorithm(String name, int digits) {
      this.name = name;
      this.digits = digits;
    }

    MessageDigest digest() {
      try {
        return MessageDigest.getInstance(name);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has " + name, e);
      }
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Checksum {
    int least = algorithm == Algorithm.MD5 ? algorithm.digits : LEAST;
    if (!hex.matches("[0-9a-f]+") || hex.length() < least || hex.length() > algorithm.digits) {
      throw new IllegalArgumentException("no %s: %s".formatted(algorithm, hex));
    }
  }

  /** An MD5 of 32 digits. */
  static Checksum md5(String hex) {
    return new Checksum(Algorithm.MD5, hex);
  }

  /** A SHA-256, or its start. */
  static Checksum sha256(String hex) {
    return new Checksum(Algorithm.SHA256, hex);
  }

  /**
   * A whole SHA-256 as a person gives it.
   *
   * @throws InputException if it has not 64 hexadecimal digits
   */
  public static Checksum parse(String text) {
    String hex = text.strip().toLowerCase(Locale.ROOT);
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new InputException(
          "'%s' is no SHA-256; expected its 64 hexadecimal digits, as sha256sum prints them"
              .formatted(text));
    }
    return sha256(hex);
  }

  /** The whole sum of a file. */
  static Checksum of(Path file, Algorithm algorithm) throws IOException {
    MessageDigest digest = algorithm.digest();
    byte[] buffer = new byte[BUFFER];
    try (InputStream stream = Files.newInputStream(file)) {
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return new Checksum(algorithm, HexFormat.of().formatHex(digest.digest()));
  }

  /** Whether a whole sum begins like this one. */
  boolean fits(Checksum whole) {
    return algorithm == whole.algorithm && whole.hex.startsWith(hex);
  }

  /** Such as {@code md5 2cb95161c43110f7111970584f804107}, or {@code sha256 0676ba61...}. */
  @Override
  public String toString() {
    return "%s %s%s".formatted(algorithm, hex, hex.length() < algorithm.digits ? "..." : "");
  }
}
