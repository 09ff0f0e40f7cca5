package dev.depthwise.vision;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** Files beside the tests, and the pictures that they are held against. */
final class TestResources {
  private TestResources() {}

  static Path file(String name) {
    try {
      return Path.of(requireNonNull(TestResources.class.getResource("/" + name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static List<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.list(file(folder))) {
      return files.sorted().toList();
    }
  }

  static String sha256(Picture picture) {
    return sha256(picture.toBytes());
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String crc32(Picture picture) {
    CRC32 crc = new CRC32();
    crc.update(picture.toBytes());
    return "%08x".formatted(crc.getValue());
  }

  /** A grey picture with these samples in one row. */
  static Picture row(int... samples) {
    byte[] bytes = new byte[samples.length];
    for (int i = 0; i < samples.length; i++) {
      bytes[i] = (byte) samples[i];
    }
    return Picture.of(samples.length, 1, 1, bytes);
  }
}
