package dev.depthwise.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.network.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** Damages a file in many ways: each must be read, or be refused in one line. */
final class Mutations {
  private static final int COUNT = 2_000;
  private static final String MEANINGFUL = "{}[]\",:-019e.tn(')<>";

  private Mutations() {}

  interface Reader {
    void read(Path file);
  }

  /** Only the first {@code reach} bytes are changed, where a change means something. */
  static void survive(Path file, int reach, Reader reader) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(20);
    int refused = 0;
    for (int i = 0; i < COUNT; i++) {
      Files.write(file, mutate(whole, Math.min(reach, whole.length), random));
      try {
        reader.read(file);
      } catch (InputException e) {
        assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(1_500);
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(COUNT / 4);
  }

  /** The file with one place of its first {@code reach} bytes changed, cut out or copied. */
  static byte[] mutate(byte[] whole, int reach, Random random) {
    byte[] bytes = whole.clone();
    int at = random.nextInt(reach);
    switch (random.nextInt(5)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) MEANINGFUL.charAt(random.nextInt(MEANINGFUL.length()));
      case 2 -> bytes = Arrays.copyOf(bytes, at);
      case 3 -> {
        int length = Math.min(random.nextInt(1, 40), bytes.length - at);
        byte[] shorter = new byte[bytes.length - length];
        System.arraycopy(bytes, 0, shorter, 0, at);
        System.arraycopy(bytes, at + length, shorter, at, shorter.length - at);
        bytes = shorter;
      }
      default -> {
        int from = random.nextInt(reach);
        int length = Math.min(random.nextInt(1, 40), bytes.length - Math.max(at, from));
        System.arraycopy(whole, from, bytes, at, length);
      }
    }
    return bytes;
  }
}
