package dev.depthwise.draw;

import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Scanner;

/**
 * The letters of pictures, as outlines.
 *
 * <p>Java's own fonts are those of the machine, and a server or a container often has none.
 */
final class Glyphs {
  /** The letters' size in the file. */
  private static final double UNIT = 1000;

  private static final Map<Character, Glyph> REGULAR = new HashMap<>();
  private static final Map<Character, Glyph> BOLD = new HashMap<>();

  static {
    read();
  }

  private Glyphs() {}

  /** A letter: how far the next one is, and its outline in the file's words. */
  private record Glyph(int advance, String outline) {}

  /** How wide a text is. */
  static double width(String text, double size, boolean bold) {
    double width = 0;
    for (int index = 0; index < text.length(); index++) {
      width += glyph(text.charAt(index), bold).advance();
    }
    return width * size / UNIT;
  }

  /** The outlines of a text whose base line begins at a place. */
  static Path2D outline(String text, double x, double y, double size, boolean bold) {
    Path2D outline = new Path2D.Double();
    double at = x;
    for (int index = 0; index < text.length(); index++) {
      Glyph glyph = glyph(text.charAt(index), bold);
      AffineTransform place = AffineTransform.getTranslateInstance(at, y);
      place.scale(size / UNIT, size / UNIT);
      outline.append(path(glyph.outline()).getPathIterator(place), false);
      at += glyph.advance() * size / UNIT;
    }
    return outline;
  }

  private static Glyph glyph(char letter, boolean bold) {
    Map<Character, Glyph> glyphs = bold ? BOLD : REGULAR;
    Glyph glyph = glyphs.get(letter);
    if (glyph == null) {
      glyph = glyphs.get('?');
    }
    if (glyph == null) {
      throw new IllegalStateException("no letters");
    }
    return glyph;
  }

  private static Path2D path(String outline) {
    Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO);
    Scanner words = new Scanner(outline.replaceAll("([MLQCZ])", " $1 "));
    while (words.hasNext()) {
      String word = words.next();
      switch (word) {
        case "M" -> path.moveTo(words.nextInt(), words.nextInt());
        case "L" -> path.lineTo(words.nextInt(), words.nextInt());
        case "Q" -> path.quadTo(words.nextInt(), words.nextInt(), words.nextInt(), words.nextInt());
        case "Z" -> path.closePath();
        default -> throw new IllegalStateException("an outline with " + word);
      }
    }
    return path;
  }

  private static void read() {
    try (InputStream stream = Glyphs.class.getResourceAsStream("glyphs.txt")) {
      if (stream == null) {
        throw new IllegalStateException("glyphs.txt is not in the jar");
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          String[] words = line.split(" ", 4);
          Map<Character, Glyph> glyphs = words[0].equals("bold") ? BOLD : REGULAR;
          char letter = (char) Integer.parseInt(words[1]);
          glyphs.put(letter, new Glyph(Integer.parseInt(words[2]), words[3]));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
