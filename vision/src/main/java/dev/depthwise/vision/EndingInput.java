package dev.depthwise.vision;

import java.io.IOException;
import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * The bytes of a file for a decoder that takes their end for zeros: one that goes on reading behind
 * it is stopped. Otherwise a lossless WebP of some hundred bytes may promise 65,536 groups of
 * codes, and each is made.
 */
final class EndingInput extends ImageInputStreamImpl {
  /** The last bits of a whole file are looked for in vain some dozen times. */
  private static final int MOST_MISSES = 2_000;

  private final byte[] content;
  private int misses;

  EndingInput(byte[] content) {
    this.content = content;
  }

  @Override
  public int read() throws IOException {
    checkClosed();
    bitOffset = 0;
    if (streamPos >= content.length) {
      return miss();
    }
    return content[(int) streamPos++] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    checkClosed();
    bitOffset = 0;
    if (length > 0 && streamPos >= content.length) {
      return miss();
    }
    int count = (int) Math.min(length, content.length - streamPos);
    System.arraycopy(content, (int) streamPos, target, offset, count);
    // Half a number is asked for again and again, too.
    if (count < length) {
      miss();
    }
    streamPos += count;
    return count;
  }

  private int miss() throws IIOException {
    misses++;
    if (misses > MOST_MISSES) {
      throw new IIOException("its data ends too early");
    }
    return -1;
  }

  @Override
  public long length() {
    return content.length;
  }
}
