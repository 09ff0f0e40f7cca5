package dev.depthwise.vision;

import java.util.Arrays;

/**
 * A linear motion of a picture, told backwards: the point (x, y) of the result shows what the
 * picture has at (xx * x + xy * y + x0, yx * x + yy * y + y0). Pixels have their centres at halves.
 *
 * <p>Both ways to sample equal Pillow's {@code Image.transform} to the byte (for a constant
 * border), which published training recipes stand on.
 */
public record Affine(double xx, double xy, double x0, double yx, double yy, double y0) {
  /** 16 bits behind the point, as in Pillow's {@code Geometry.c}. */
  private static final int FRACTION_BITS = 16;

  /** Leaves the picture in place. */
  static Affine identity() {
    return new Affine(1, 0, 0, 0, 1, 0);
  }

  /** Moves by so many pixels to the right and down. */
  static Affine translation(double right, double down) {
    return new Affine(1, 0, -right, 0, 1, -down);
  }

  /** Rotates anticlockwise about the middle. */
  static Affine rotation(double degrees, int width, int height) {
    double radians = StrictMath.toRadians(degrees);
    // To 15 digits, as Pillow does: a right angle is to move pixels to pixels.
    double cos = Math.rint(StrictMath.cos(radians) * 1e15) / 1e15;
    double sin = Math.rint(StrictMath.sin(radians) * 1e15) / 1e15;
    return about(width / 2.0, height / 2.0, cos, -sin, sin, cos);
  }

  /** A linear map that leaves one point in place. */
  static Affine about(double x, double y, double xx, double xy, double yx, double yy) {
    return new Affine(xx, xy, (xx * -x + xy * -y) + x, yx, yy, (yx * -x + yy * -y) + y);
  }

  /** This motion after another, as one. */
  Affine after(Affine first) {
    return new Affine(
        first.xx * xx + first.xy * yx,
        first.xx * xy + first.xy * yy,
        first.xx * x0 + first.xy * y0 + first.x0,
        first.yx * xx + first.yy * yx,
        first.yx * xy + first.yy * yy,
        first.yx * x0 + first.yy * y0 + first.y0);
  }

  /** The picture moved, the nearest pixel taken, black outside. */
  Picture nearest(Picture picture) {
    int width = picture.width();
    int height = picture.height();
    int channels = picture.channels();
    byte[] source = picture.samples();
    byte[] target = new byte[source.length];
    long rowX = fixed(x0 + xx * 0.5 + xy * 0.5);
    long rowY = fixed(y0 + yx * 0.5 + yy * 0.5);
    int out = 0;
    for (int y = 0; y < height; y++) {
      long atX = rowX;
      long atY = rowY;
      for (int x = 0; x < width; x++) {
        long column = atX >> FRACTION_BITS;
        long row = atY >> FRACTION_BITS;
        if (column >= 0 && column < width && row >= 0 && row < height) {
          System.arraycopy(
              source, ((int) row * width + (int) column) * channels, target, out, channels);
        }
        out += channels;
        atX += fixed(xx);
        atY += fixed(yx);
      }
      rowX += fixed(xy);
      rowY += fixed(yy);
    }
    return Picture.owning(width, height, channels, target);
  }

  private static long fixed(double value) {
    return (long) Math.floor(value * (1 << FRACTION_BITS) + 0.5);
  }

  /** The picture moved, interpolated between the four nearest pixels. */
  Picture bilinear(Picture picture, Border border) {
    int width = picture.width();
    int height = picture.height();
    int channels = picture.channels();
    byte[] source = picture.samples();
    byte[] target = new byte[source.length];
    boolean constant = border.kind() == Border.Kind.CONSTANT;
    if (constant) {
      Arrays.fill(target, (byte) border.fill());
    }
    int out = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++, out += channels) {
        double atX = xx * (x + 0.5) + xy * (y + 0.5) + x0;
        double atY = yx * (x + 0.5) + yy * (y + 0.5) + y0;
        if (constant && !(atX >= 0 && atX < width && atY >= 0 && atY < height)) {
          continue;
        }
        int column = (int) Math.floor(atX - 0.5);
        int row = (int) Math.floor(atY - 0.5);
        double right = atX - 0.5 - column;
        double down = atY - 0.5 - row;
        int leftAt = border.position(column, width);
        int rightAt = border.position(column + 1, width);
        int topAt = border.position(row, height) * width;
        int bottomAt = border.position(row + 1, height) * width;
        for (int channel = 0; channel < channels; channel++) {
          double top =
              between(
                  source[(topAt + leftAt) * channels + channel] & 0xff,
                  source[(topAt + rightAt) * channels + channel] & 0xff,
                  right);
          double bottom =
              between(
                  source[(bottomAt + leftAt) * channels + channel] & 0xff,
                  source[(bottomAt + rightAt) * channels + channel] & 0xff,
                  right);
          // Cut off, not rounded, where Pillow does.
          target[out + channel] = (byte) (int) between(top, bottom, down);
        }
      }
    }
    return Picture.owning(width, height, channels, target);
  }

  private static double between(double from, double to, double part) {
    return from + (to - from) * part;
  }
}
