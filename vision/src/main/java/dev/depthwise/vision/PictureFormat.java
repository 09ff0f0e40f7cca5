package dev.depthwise.vision;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A kind of picture file that can be read. A file is recognised by its content; endings only say
 * which files of a folder are looked at.
 */
public enum PictureFormat {
  /** Portable Network Graphics. */
  PNG("PNG"),
  /** Of 8 bits, baseline or progressive. */
  JPEG("JPEG"),
  /** Of which the first frame is taken. */
  GIF("GIF"),
  /** Lossy or lossless; the first frame is taken. */
  WEBP("WebP"),
  /** Of which the first page is taken. */
  TIFF("TIFF"),
  /** Windows' bitmap. */
  BMP("BMP");

  private final String title;

  PictureFormat(String title) {
    this.title = title;
  }

  /** The format of a file with this content, if it is one of them. */
  static Optional<PictureFormat> of(byte[] content) {
    return Stream.of(values()).filter(format -> format.isBegunBy(content)).findFirst();
  }

  private boolean isBegunBy(byte[] content) {
    return switch (this) {
      case PNG -> begins(content, 0, "\u0089PNG\r\n\u001a\n");
      case JPEG -> begins(content, 0, "\u00ff\u00d8\u00ff");
      case GIF -> begins(content, 0, "GIF87a") || begins(content, 0, "GIF89a");
      case WEBP -> begins(content, 0, "RIFF") && begins(content, 8, "WEBP");
      case TIFF -> begins(content, 0, "II*\0") || begins(content, 0, "MM\0*");
      case BMP -> begins(content, 0, "BM");
    };
  }

  private static boolean begins(byte[] content, int at, String signature) {
    byte[] bytes = signature.getBytes(StandardCharsets.ISO_8859_1);
    return content.length >= at + bytes.length
        && Arrays.equals(content, at, at + bytes.length, bytes, 0, bytes.length);
  }

  /** What the names of such files end in, without the dot, in lower case. */
  public List<String> endings() {
    return switch (this) {
      case PNG -> List.of("png");
      case JPEG -> List.of("jpg", "jpeg");
      case GIF -> List.of("gif");
      case WEBP -> List.of("webp");
      case TIFF -> List.of("tif", "tiff");
      case BMP -> List.of("bmp");
    };
  }

  /** The endings of all formats, for people: {@code .png, .jpg, ...}. */
  public static String allEndings() {
    return Stream.of(values())
        .flatMap(format -> format.endings().stream())
        .map(ending -> "." + ending)
        .collect(Collectors.joining(", "));
  }

  /** The names of all formats, for people: {@code PNG, JPEG, ...}. */
  public static String allNames() {
    return Stream.of(values()).map(PictureFormat::toString).collect(Collectors.joining(", "));
  }

  /** Whether a file's name, in whatever case, ends as one of a picture; hidden files are none. */
  public static boolean isNamed(Path file) {
    Path name = file.getFileName();
    if (name == null || name.toString().startsWith(".")) {
      return false;
    }
    int dot = name.toString().lastIndexOf('.');
    return dot >= 0 && isEnding(name.toString().substring(dot + 1));
  }

  /** Whether names of picture files may end so, in whatever case. */
  static boolean isEnding(String ending) {
    String lower = ending.toLowerCase(Locale.ROOT);
    return Stream.of(values()).anyMatch(format -> format.endings().contains(lower));
  }

  /** The usual spelling. */
  @Override
  public String toString() {
    return title;
  }
}
