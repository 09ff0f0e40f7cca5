package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Interpolation;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Shape;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Pictures as training sees them, side by side on one picture. */
public final class ContactSheet {
  /** White between pictures, in pixels. */
  private static final int GAP = 2;

  /** What a sheet may have: 64 megapixels. */
  private static final long LARGEST = 1L << 26;

  private ContactSheet() {}

  /**
   * A row for each picture of a data set: first as it is, then as the first epochs would vary it,
   * mixed with each other where the augmentation says so.
   *
   * @param dataset small: its pictures make one batch
   * @param shape what the network takes: 1 or 3 channels, height and width
   * @param epochs how many; at least 1
   * @param scale each pixel becomes so many in width and height
   * @throws InputException if the sheet would have more than 64 megapixels, or a picture is broken
   */
  public static Picture of(
      Dataset dataset, Shape shape, Augmentation augmentation, int epochs, long seed, int scale) {
    int channels = shape.channels();
    int height = shape.height();
    int width = shape.width();
    long sheetWidth = (epochs + 1L) * (width * (long) scale + GAP) + GAP;
    long sheetHeight = dataset.size() * (height * (long) scale + GAP) + GAP;
    if (sheetWidth > LARGEST || sheetHeight > LARGEST || sheetWidth * sheetHeight > LARGEST) {
      throw new InputException(
          "the sheet would have %d x %d pixels, more than 64 million; expected fewer or smaller pictures"
              .formatted(sheetWidth, sheetHeight));
    }
    // Erased noise has the deviation of a normalised picture: a quarter of the range is a usual
    // one.
    Preprocessing preprocessing =
        Preprocessing.stretched(
            channels,
            height,
            width,
            Collections.nCopies(channels, 0.5),
            Collections.nCopies(channels, 0.25));
    Preprocessor preprocessor = new Preprocessor(preprocessing);
    List<Picture> columns = new ArrayList<>();
    columns.add(column(dataset, preprocessor, Augmentation.none(), 0, seed, scale));
    for (int epoch = 0; epoch < epochs; epoch++) {
      columns.add(column(dataset, preprocessor, augmentation, epoch, seed, scale));
    }
    return sideBySide(columns, (int) sheetWidth, (int) sheetHeight);
  }

  /** One epoch: its pictures below each other. */
  private static Picture column(
      Dataset dataset,
      Preprocessor preprocessor,
      Augmentation augmentation,
      int epoch,
      long seed,
      int scale) {
    Preprocessing preprocessing = preprocessor.preprocessing();
    int width = preprocessing.width();
    int height = preprocessing.height();
    int channels = preprocessing.channels();
    Batches.Options options = new Batches.Options(dataset.size(), false, false, seed, 1);
    int cell = height * scale + GAP;
    byte[] column = new byte[dataset.size() * cell * width * scale * channels];
    Arrays.fill(column, (byte) 255);
    try (Batches batches = new Batches(dataset, preprocessor, augmentation, options, epoch, 0)) {
      FloatBuffer pixels = batches.next().pixels();
      for (int index = 0; index < dataset.size(); index++) {
        Picture large =
            Resize.resize(
                preprocessor.picture(pixels, index * preprocessor.length()),
                width * scale,
                height * scale,
                Interpolation.NEAREST);
        System.arraycopy(
            large.samples(),
            0,
            column,
            index * cell * width * scale * channels,
            large.samples().length);
      }
    }
    return Picture.owning(width * scale, dataset.size() * cell, channels, column);
  }

  private static Picture sideBySide(List<Picture> columns, int width, int height) {
    int channels = columns.get(0).channels();
    byte[] sheet = new byte[width * height * channels];
    Arrays.fill(sheet, (byte) 255);
    int left = GAP;
    for (Picture column : columns) {
      int stride = column.width() * channels;
      for (int y = 0; y < column.height(); y++) {
        System.arraycopy(
            column.samples(), y * stride, sheet, ((GAP + y) * width + left) * channels, stride);
      }
      left += column.width() + GAP;
    }
    return Picture.owning(width, height, channels, sheet);
  }
}
