package dev.depthwise.vision;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Files that may be compressed; their content tells, not their name. */
final class Gzip {
  /** No deflated byte stands for more than this many (zlib's own bound). */
  static final long MAXIMUM_COMPRESSION = 1032;

  private Gzip() {}

  /** Whether a file is compressed. */
  static boolean is(Path file) throws IOException {
    try (InputStream stream = Files.newInputStream(file)) {
      return stream.read() == 0x1f && stream.read() == 0x8b;
    }
  }

  /** A file's content as it was before it was compressed. */
  static InputStream open(Path file) throws IOException {
    boolean compressed = is(file);
    InputStream stream = Files.newInputStream(file);
    if (!compressed) {
      return new BufferedInputStream(stream);
    }
    try {
      return new GZIPInputStream(stream, 1 << 16);
    } catch (IOException e) {
      stream.close();
      throw e;
    }
  }
}
