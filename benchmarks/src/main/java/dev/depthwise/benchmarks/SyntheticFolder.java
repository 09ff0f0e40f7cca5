package dev.depthwise.benchmarks;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * A folder of JPEG files in classes, the same on any machine. {@value #ORIGINALS} pictures of six
 * sizes are drawn (a slope of colours, discs, a little noise) and encoded; every file is one of
 * them with a comment of its own: files differ, decoding costs what it costs, writing is quick.
 */
final class SyntheticFolder {
  private static final int ORIGINALS = 300;
  private static final int[][] SIZES = {
    {64, 64}, {96, 96}, {128, 128}, {224, 224}, {320, 240}, {500, 375}
  };

  private SyntheticFolder() {}

  /** Writes so many pictures in so many classes, by all processors; returns their bytes. */
  static long write(Path folder, int pictures, int classes) throws IOException {
    List<byte[]> originals = new ArrayList<>();
    for (int number = 0; number < ORIGINALS; number++) {
      originals.add(jpeg(number));
    }
    for (int label = 0; label < classes; label++) {
      Files.createDirectories(classFolder(folder, label));
    }
    return IntStream.range(0, pictures)
        .parallel()
        .mapToLong(
            picture -> {
              byte[] content = commented(originals.get(picture % ORIGINALS), picture);
              Path file =
                  classFolder(folder, picture % classes).resolve("%07d.jpg".formatted(picture));
              try {
                Files.write(file, content);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return content.length;
            })
        .sum();
  }

  private static Path classFolder(Path folder, int label) {
    return folder.resolve("class%03d".formatted(label));
  }

  private static byte[] jpeg(int number) throws IOException {
    Random random = new Random(number);
    int width = SIZES[number % SIZES.length][0];
    int height = SIZES[number % SIZES.length][1];
    int[] slopes = random.ints(6, 0, 256).toArray();
    int[] disc = {random.nextInt(width), random.nextInt(height), 8 + random.nextInt(width / 2)};
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        boolean inside = Math.hypot(x - disc[0], y - disc[1]) < disc[2];
        int color = 0;
        for (int channel = 0; channel < 3; channel++) {
          int value = slopes[channel] * x / width + slopes[3 + channel] * y / height;
          value = (inside ? 255 - value / 2 : value / 2) + random.nextInt(16);
          color = color << 8 | Math.min(Math.max(value, 0), 255);
        }
        image.setRGB(x, y, color);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "jpeg", bytes);
    return bytes.toByteArray();
  }

  /** A comment segment (ITU-T T.81, B.2.4.5) behind the start of the picture. */
  private static byte[] commented(byte[] jpeg, int picture) {
    byte[] text = "picture %d".formatted(picture).getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(jpeg, 0, 2);
    bytes.writeBytes(new byte[] {(byte) 0xff, (byte) 0xfe, 0, (byte) (text.length + 2)});
    bytes.writeBytes(text);
    bytes.write(jpeg, 2, jpeg.length - 2);
    return bytes.toByteArray();
  }

  /** Removes the folder and what is in it. */
  static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    }
  }
}
