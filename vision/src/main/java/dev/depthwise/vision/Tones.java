package dev.depthwise.vision;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Changes of brightness and colour that equal Pillow's ({@code ImageEnhance}, {@code ImageOps}) to
 * the byte, and torchvision's change of hue on Pillow's pictures.
 */
final class Tones {
  private Tones() {}

  /** Between black (0), the picture (1) and beyond. */
  static Picture brightness(Picture picture, double factor) {
    return mapped(picture, sample -> blend(0, sample, factor));
  }

  /** Between the picture's mean grey (0), the picture (1) and beyond. */
  static Picture contrast(Picture picture, double factor) {
    byte[] grey = picture.to(1).samples();
    long sum = 0;
    for (byte sample : grey) {
      sum += sample & 0xff;
    }
    int mean = (int) ((double) sum / grey.length + 0.5);
    return mapped(picture, sample -> blend(mean, sample, factor));
  }

  /** Between the picture in grey (0), the picture (1) and beyond; a grey picture stays. */
  static Picture saturation(Picture picture, double factor) {
    return picture.channels() == 1 ? picture : blend(picture.to(1).to(3), picture, factor);
  }

  /**
   * Turns the colour circle; a grey picture stays.
   *
   * @param turn part of the circle, -0.5 to 0.5
   */
  static Picture hue(Picture picture, double turn) {
    if (picture.channels() == 1) {
      return picture;
    }
    int shift = (int) (turn * 255);
    byte[] source = picture.samples();
    byte[] target = new byte[source.length];
    for (int at = 0; at < source.length; at += 3) {
      turn(source, target, at, shift);
    }
    return Picture.owning(picture.width(), picture.height(), 3, target);
  }

  /** To hue, saturation and value of 8 bits each and back, in the precision that Pillow has. */
  private static void turn(byte[] source, byte[] target, int at, int shift) {
    int red = source[at] & 0xff;
    int green = source[at + 1] & 0xff;
    int blue = source[at + 2] & 0xff;
    int value = Math.max(red, Math.max(green, blue));
    int least = Math.min(red, Math.min(green, blue));
    int hue = 0;
    int saturation = 0;
    if (least != value) {
      float range = value - least;
      float toRed = (value - red) / range;
      float toGreen = (value - green) / range;
      float toBlue = (value - blue) / range;
      float sixths =
          red == value
              ? toBlue - toGreen
              : green == value ? (float) (2.0 + toRed - toBlue) : (float) (4.0 + toGreen - toRed);
      float circle = (float) ((sixths / 6.0 + 1.0) % 1.0);
      hue = (int) (circle * 255.0);
      saturation = (int) (range / value * 255.0);
    }
    hue = (hue + shift) & 0xff;
    int sector = (int) Math.floor(hue * 6.0 / 255.0);
    float within = (float) (hue * 6.0 / 255.0 - sector);
    float pure = (float) (saturation / 255.0);
    byte high = (byte) value;
    byte low = rounded(value * (1.0 - pure));
    byte falling = rounded(value * (1.0 - pure * within));
    byte rising = rounded(value * (1.0 - pure * (1.0 - within)));
    switch (sector % 6) {
      case 0 -> put(target, at, high, rising, low);
      case 1 -> put(target, at, falling, high, low);
      case 2 -> put(target, at, low, high, rising);
      case 3 -> put(target, at, low, falling, high);
      case 4 -> put(target, at, rising, low, high);
      default -> put(target, at, high, low, falling);
    }
  }

  private static byte rounded(double value) {
    return (byte) (int) (value + 0.5);
  }

  private static void put(byte[] target, int at, byte red, byte green, byte blue) {
    target[at] = red;
    target[at + 1] = green;
    target[at + 2] = blue;
  }

  /** Keeps the first {@code bits} (1 to 8) of each sample. */
  static Picture posterize(Picture picture, int bits) {
    int mask = 0xff << (8 - bits);
    return mapped(picture, sample -> sample & mask);
  }

  /** Inverts the samples that are not below the threshold. */
  static Picture solarize(Picture picture, double threshold) {
    return mapped(picture, sample -> sample < threshold ? sample : 255 - sample);
  }

  /** Stretches each channel to reach from 0 to 255. */
  static Picture autocontrast(Picture picture) {
    byte[][] tables = new byte[picture.channels()][];
    for (int channel = 0; channel < tables.length; channel++) {
      int[] histogram = histogram(picture, channel);
      int lowest = 0;
      int highest = 255;
      while (histogram[lowest] == 0) {
        lowest++;
      }
      while (histogram[highest] == 0) {
        highest--;
      }
      double scale = highest == lowest ? 1 : 255.0 / (highest - lowest);
      double offset = highest == lowest ? 0 : -lowest * scale;
      tables[channel] =
          table(sample -> (int) Math.min(Math.max(sample * scale + offset, 0.0), 255.0));
    }
    return mapped(picture, tables);
  }

  /** Spreads each channel's samples so that all values are about as frequent. */
  static Picture equalize(Picture picture) {
    byte[][] tables = new byte[picture.channels()][];
    for (int channel = 0; channel < tables.length; channel++) {
      int[] histogram = histogram(picture, channel);
      int highest = 255;
      while (histogram[highest] == 0) {
        highest--;
      }
      int step = (picture.width() * picture.height() - histogram[highest]) / 255;
      if (step == 0) {
        tables[channel] = table(IntUnaryOperator.identity());
      } else {
        byte[] table = new byte[256];
        int sum = step / 2;
        for (int sample = 0; sample < 256; sample++) {
          table[sample] = (byte) Math.min(sum / step, 255);
          sum += histogram[sample];
        }
        tables[channel] = table;
      }
    }
    return mapped(picture, tables);
  }

  /** Sample by sample between one picture (0), another of the same size (1) and beyond. */
  static Picture blend(Picture from, Picture to, double factor) {
    byte[] first = from.samples();
    byte[] second = to.samples();
    byte[] blended = new byte[second.length];
    for (int i = 0; i < blended.length; i++) {
      blended[i] = (byte) blend(first[i] & 0xff, second[i] & 0xff, factor);
    }
    return Picture.owning(to.width(), to.height(), to.channels(), blended);
  }

  /** Cut off, not rounded, and in single precision, as Pillow does. */
  private static int blend(int from, int to, double factor) {
    return (int) Math.min(Math.max(from + (float) factor * (to - from), 0f), 255f);
  }

  private static int[] histogram(Picture picture, int channel) {
    int[] histogram = new int[256];
    byte[] samples = picture.samples();
    for (int at = channel; at < samples.length; at += picture.channels()) {
      histogram[samples[at] & 0xff]++;
    }
    return histogram;
  }

  private static byte[] table(IntUnaryOperator operator) {
    byte[] table = new byte[256];
    for (int sample = 0; sample < 256; sample++) {
      table[sample] = (byte) operator.applyAsInt(sample);
    }
    return table;
  }

  private static Picture mapped(Picture picture, IntUnaryOperator operator) {
    byte[][] tables = new byte[picture.channels()][];
    Arrays.fill(tables, table(operator));
    return mapped(picture, tables);
  }

  private static Picture mapped(Picture picture, byte[][] tables) {
    byte[] source = picture.samples();
    byte[] target = new byte[source.length];
    for (int channel = 0; channel < tables.length; channel++) {
      byte[] table = tables[channel];
      for (int at = channel; at < source.length; at += tables.length) {
        target[at] = table[source[at] & 0xff];
      }
    }
    return Picture.owning(picture.width(), picture.height(), picture.channels(), target);
  }
}
