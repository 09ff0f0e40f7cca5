package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import javax.imageio.IIOException;

/**
 * Reads picture files of every {@link PictureFormat}, told apart by their content, as Pillow does:
 * turned upright where the camera remarked how it was held ({@code ImageOps.exif_transpose}), then
 * {@code convert("RGB")} (or {@code "L"} for grey files): palettes looked up, alpha dropped without
 * compositing, embedded colour profiles and gamma ignored. Of 16-bit samples the high byte is kept,
 * of several frames or pages the first.
 *
 * <p>Whatever is wrong with a file ends in an {@link InputException} that names the file and the
 * fault, before memory for its pixels is taken.
 */
public final class PictureReader {
  /** The largest picture that is read, in pixels. */
  public static final long MAXIMUM_PIXELS = 64_000_000;

  /** The largest file that is read, in bytes. */
  public static final long MAXIMUM_BYTES = 64L << 20;

  private PictureReader() {}

  /**
   * Reads a picture: grey files with one channel, all others with three.
   *
   * @throws InputException if the file cannot be read or is no whole picture
   */
  public static Picture read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new IIOException("it is a folder");
      }
      long length = Files.size(file);
      if (length > MAXIMUM_BYTES) {
        throw new IIOException(
            "the file has %d bytes, at most %d are read".formatted(length, MAXIMUM_BYTES));
      }
      return Decoder.decode(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw fault(file.toString(), "no such file", e);
    } catch (IOException e) {
      throw fault(file.toString(), reason(e), e);
    }
  }

  /**
   * Decodes the content of a picture file.
   *
   * @param name what an error calls it
   * @throws InputException if it is no whole picture
   */
  public static Picture decode(byte[] content, String name) {
    try {
      return Decoder.decode(content);
    } catch (IOException e) {
      throw fault(name, reason(e), e);
    }
  }

  /** One line: what decoders say may hold whatever stood in the file. */
  private static String reason(IOException e) {
    if (e instanceof EOFException || e.getCause() instanceof EOFException) {
      return "the file is cut short";
    }
    String message = e.getMessage();
    return e instanceof IIOException && message != null
        ? message.replaceAll("[\\p{Cntrl}\\s]+", " ").strip()
        : "it cannot be read (%s)".formatted(e.getClass().getSimpleName());
  }

  private static InputException fault(String name, String reason, IOException cause) {
    return new InputException(
        "%s: %s; expected a whole picture (%s)".formatted(name, reason, PictureFormat.allNames()),
        cause);
  }
}
