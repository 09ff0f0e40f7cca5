package dev.depthwise.vision;

import static dev.depthwise.vision.Vp8Tables.BANDS;
import static dev.depthwise.vision.Vp8Tables.CONTEXTS;
import static dev.depthwise.vision.Vp8Tables.PLANES;
import static dev.depthwise.vision.Vp8Tables.TOKENS;

import dev.depthwise.vision.Vp8Filter.Strength;
import dev.depthwise.vision.Vp8Residuals.Edge;
import dev.depthwise.vision.Vp8Residuals.Quantizer;
import dev.depthwise.vision.Vp8Residuals.Steps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.IIOException;

/**
 * Decodes a lossy WebP picture, which is a key frame of VP8, to the samples of libwebp.
 *
 * <p>The decoder in Java that there is makes other samples: it predicts from those that are
 * smoothed already.
 *
 * <p>Source: RFC 6386.
 */
final class Vp8 {
  private static final int FRAME_HEADER = 10;
  private static final int SEGMENTS = 4;

  private final byte[] data;
  private final int end;
  private final Vp8Planes planes;
  private final Vp8Bits header;

  // Sections 9.3, 9.4, 9.6, 9.11.
  private final int[] segmentProbabilities = {255, 255, 255};
  private boolean segmented;
  private boolean mapped;
  private boolean absolute;
  private final int[] segmentQuantizers = new int[SEGMENTS];
  private final int[] segmentLevels = new int[SEGMENTS];
  private boolean simpleFilter;
  private int filterLevel;
  private int sharpness;
  private int intraDelta;
  private int smallDelta;
  private int skipProbability = -1;

  private final List<Vp8Bits> partitions = new ArrayList<>();
  private final Quantizer[] quantizers = new Quantizer[SEGMENTS];
  private final int[][][][] tokens = new int[PLANES][BANDS][CONTEXTS][];

  /** Luminance with a border, 4 samples wider above; then each chrominance with a border. */
  private static final int STRIDE = 32;

  private static final int LUMA = STRIDE + 8;
  private final int[][] work = {
    new int[STRIDE * 17], new int[STRIDE * 9], new int[STRIDE * 9],
  };

  private Vp8(byte[] data, int from, int length) throws IIOException {
    this.data = data;
    end = from + length;
    if (length < FRAME_HEADER) {
      throw PictureHeader.truncated();
    }
    int tag = unsigned24(from);
    if ((tag & 1) != 0
        || (data[from + 3] & 0xff) != 0x9d
        || data[from + 4] != 1
        || data[from + 5] != 0x2a) {
      throw new IIOException("it does not begin with a key frame of VP8");
    }
    int width = size(from + 6);
    int height = size(from + 8);
    // Planes of 1.5 bytes beside colours of 3.
    Decoder.requirePixels(width, height, 5);
    int first = from + FRAME_HEADER;
    int firstEnd = first + (tag >> 5);
    if (firstEnd > end) {
      throw PictureHeader.truncated();
    }
    // The odds of a macroblock's prediction are fixed: none takes less than a bit. Without this, a
    // few
    // bytes could have the memory of the largest picture cleared before they end.
    long macroblocks = ((width + 15L) / 16) * ((height + 15L) / 16);
    if (macroblocks > 8L * (firstEnd - first)) {
      throw PictureHeader.truncated();
    }
    header = new Vp8Bits(data, first, firstEnd);
    readHeader(firstEnd);
    planes = new Vp8Planes(width, height);
  }

  /**
   * Decodes a key frame.
   *
   * @param from where it begins
   */
  static Picture decode(byte[] data, int from, int length) throws IIOException {
    Vp8 frame = new Vp8(data, from, length);
    frame.reconstruct();
    return frame.planes.picture();
  }

  private int unsigned24(int at) {
    return (data[at] & 0xff) | (data[at + 1] & 0xff) << 8 | (data[at + 2] & 0xff) << 16;
  }

  /** Behind the size, two bits say how a player should enlarge the picture. */
  private int size(int at) {
    return ((data[at] & 0xff) | (data[at + 1] & 0xff) << 8) & 0x3fff;
  }

  private void readHeader(int partitionsFrom) throws IIOException {
    // The colour space and whether samples need clamping: there is one space, and clamping is safe.
    header.number(2);
    readSegments();
    readFilter();
    readPartitions(partitionsFrom);
    readQuantizers();
    // Whether the probabilities outlive this frame.
    header.flag();
    for (int plane = 0; plane < PLANES; plane++) {
      for (int band = 0; band < BANDS; band++) {
        for (int context = 0; context < CONTEXTS; context++) {
          int[] known = Vp8Tables.TOKEN_PROBABILITIES[plane][band][context].clone();
          for (int token = 0; token < TOKENS; token++) {
            if (header.bit(Vp8Tables.TOKEN_UPDATES[plane][band][context][token])) {
              known[token] = header.number(8);
            }
          }
          tokens[plane][band][context] = known;
        }
      }
    }
    if (header.flag()) {
      skipProbability = header.number(8);
    }
    header.requireWhole();
  }

  private void readSegments() {
    segmented = header.flag();
    if (!segmented) {
      return;
    }
    mapped = header.flag();
    if (header.flag()) {
      absolute = header.flag();
      Arrays.setAll(segmentQuantizers, segment -> header.optional(7));
      Arrays.setAll(segmentLevels, segment -> header.optional(6));
    }
    if (mapped) {
      Arrays.setAll(segmentProbabilities, i -> header.flag() ? header.number(8) : 255);
    }
  }

  private void readFilter() {
    simpleFilter = header.flag();
    filterLevel = header.number(6);
    sharpness = header.number(3);
    boolean adjusted = header.flag();
    if (adjusted && header.flag()) {
      int[] deltas = new int[8];
      Arrays.setAll(deltas, i -> header.optional(6));
      // Of frames that stand for themselves, and among them of macroblocks of small predictions.
      intraDelta = deltas[0];
      smallDelta = deltas[4];
    }
  }

  private void readPartitions(int from) throws IIOException {
    int count = 1 << header.number(2);
    int at = from + 3 * (count - 1);
    if (at > end) {
      throw PictureHeader.truncated();
    }
    for (int i = 0; i < count; i++) {
      int partitionEnd = i == count - 1 ? end : at + unsigned24(from + 3 * i);
      if (partitionEnd > end) {
        throw PictureHeader.truncated();
      }
      partitions.add(new Vp8Bits(data, at, partitionEnd));
      at = partitionEnd;
    }
  }

  private void readQuantizers() {
    int base = header.number(7);
    int[] deltas = new int[5];
    Arrays.setAll(deltas, i -> header.optional(4));
    for (int segment = 0; segment < SEGMENTS; segment++) {
      int index = base;
      if (segmented) {
        index = segmentQuantizers[segment] + (absolute ? 0 : base);
      }
      quantizers[segment] =
          new Quantizer(
              new Steps(first(index + deltas[0]), other(index)),
              new Steps(
                  2 * first(index + deltas[1]), Math.max(other(index + deltas[2]) * 155 / 100, 8)),
              new Steps(Math.min(first(index + deltas[3]), 132), other(index + deltas[4])));
    }
  }

  private static int first(int index) {
    return Vp8Tables.FIRST_STEPS[Math.min(Math.max(index, 0), 127)];
  }

  private static int other(int index) {
    return Vp8Tables.OTHER_STEPS[Math.min(Math.max(index, 0), 127)];
  }

  private void reconstruct() throws IIOException {
    Strength[][] strengths = new Strength[SEGMENTS][2];
    for (int segment = 0; segment < SEGMENTS; segment++) {
      int level = filterLevel;
      if (segmented) {
        level = segmentLevels[segment] + (absolute ? 0 : filterLevel);
      }
      strengths[segment][0] = Strength.of(level + intraDelta, sharpness);
      strengths[segment][1] = Strength.of(level + intraDelta + smallDelta, sharpness);
    }
    int columns = planes.columns();
    Strength[] strength = new Strength[columns * planes.rows()];
    boolean[] inner = new boolean[strength.length];
    Vp8Residuals residuals = new Vp8Residuals(tokens);
    Edge[] above = Stream.generate(Edge::new).limit(columns).toArray(Edge[]::new);
    int[] modesAbove = new int[4 * columns];
    for (int row = 0; row < planes.rows(); row++) {
      Vp8Bits bits = partitions.get(row % partitions.size());
      Edge left = new Edge();
      int[] modesLeft = new int[4];
      for (int column = 0; column < columns; column++) {
        int segment = segment();
        boolean skip = skipProbability >= 0 && header.bit(skipProbability);
        boolean whole = header.bit(145);
        int mode = whole ? wholeMode(modesAbove, 4 * column, modesLeft) : -1;
        int[] modes = whole ? new int[0] : smallModes(modesAbove, 4 * column, modesLeft);
        int chromaMode = chromaMode();
        boolean any = false;
        if (skip) {
          residuals.clear();
          above[column].clear(whole);
          left.clear(whole);
        } else {
          any = residuals.read(bits, above[column], left, quantizers[segment], whole);
        }
        border(column, row);
        if (whole) {
          Vp8Prediction.whole(mode, work[0], LUMA, STRIDE, 16, row > 0, column > 0);
        }
        for (int block = 0; block < 16; block++) {
          int at = LUMA + block / 4 * 4 * STRIDE + block % 4 * 4;
          if (!whole) {
            Vp8Prediction.small(modes[block], work[0], at, STRIDE);
          }
          residuals.add(block, work[0], at, STRIDE);
        }
        for (int plane = 1; plane < 3; plane++) {
          Vp8Prediction.whole(chromaMode, work[plane], LUMA, STRIDE, 8, row > 0, column > 0);
          for (int block = 0; block < 4; block++) {
            int at = LUMA + block / 2 * 4 * STRIDE + block % 2 * 4;
            residuals.add(12 + 4 * plane + block, work[plane], at, STRIDE);
          }
        }
        store(column, row);
        strength[row * columns + column] = strengths[segment][whole ? 0 : 1];
        inner[row * columns + column] = !whole || any;
      }
      header.requireWhole();
      bits.requireWhole();
    }
    if (filterLevel > 0) {
      Vp8Filter filter = new Vp8Filter(simpleFilter);
      for (int i = 0; i < strength.length; i++) {
        filter.apply(planes, i % columns, i / columns, strength[i], inner[i]);
      }
    }
  }

  private int segment() {
    if (!mapped) {
      return 0;
    }
    return header.bit(segmentProbabilities[0])
        ? 2 + header.one(segmentProbabilities[2])
        : header.one(segmentProbabilities[1]);
  }

  private int wholeMode(int[] above, int column, int[] left) {
    int mode;
    if (header.bit(156)) {
      mode = header.bit(128) ? Vp8Prediction.TRUE_MOTION : Vp8Prediction.HORIZONTAL;
    } else {
      mode = header.bit(163) ? Vp8Prediction.VERTICAL : Vp8Prediction.MEAN;
    }
    Arrays.fill(above, column, column + 4, mode);
    Arrays.fill(left, mode);
    return mode;
  }

  private int[] smallModes(int[] above, int column, int[] left) {
    int[] modes = new int[16];
    for (int block = 0; block < 16; block++) {
      int x = column + block % 4;
      int y = block / 4;
      modes[block] = smallMode(Vp8Tables.MODE_PROBABILITIES[above[x]][left[y]]);
      above[x] = modes[block];
      left[y] = modes[block];
    }
    return modes;
  }

  /** Section 11.2: the tree of modes; numbers are those of the modes. */
  private int smallMode(int[] p) {
    if (!header.bit(p[0])) {
      return 0;
    }
    if (!header.bit(p[1])) {
      return 1;
    }
    if (!header.bit(p[2])) {
      return 2;
    }
    if (!header.bit(p[3])) {
      if (!header.bit(p[4])) {
        return 3;
      }
      return header.bit(p[5]) ? 6 : 5;
    }
    if (!header.bit(p[6])) {
      return 4;
    }
    if (!header.bit(p[7])) {
      return 7;
    }
    return header.bit(p[8]) ? 9 : 8;
  }

  private int chromaMode() {
    if (!header.bit(142)) {
      return Vp8Prediction.MEAN;
    }
    if (!header.bit(114)) {
      return Vp8Prediction.VERTICAL;
    }
    return header.bit(183) ? Vp8Prediction.TRUE_MOTION : Vp8Prediction.HORIZONTAL;
  }

  /** Lays what lies around a macroblock around the work: 127 above the picture, 129 beside it. */
  private void border(int column, int row) {
    for (int plane = 0; plane < 3; plane++) {
      int size = plane == 0 ? 16 : 8;
      int[] target = work[plane];
      byte[] samples = planes.samples(plane);
      int stride = planes.stride(plane);
      int at = row * size * stride + column * size;
      for (int x = -1; x < size + 4; x++) {
        int sample = 127;
        if (row > 0 && column == 0 && x < 0) {
          sample = 129;
        } else if (row > 0) {
          boolean beyond = column == planes.columns() - 1 && x >= size;
          sample = samples[at - stride + (beyond ? size - 1 : x)] & 0xff;
        }
        target[LUMA - STRIDE + x] = sample;
      }
      for (int y = 0; y < size; y++) {
        target[LUMA + y * STRIDE - 1] = column == 0 ? 129 : samples[at + y * stride - 1] & 0xff;
      }
    }
    // Blocks at the right edge see the row above the macroblock, not their neighbours below it.
    for (int y = 3; y < 15; y += 4) {
      System.arraycopy(work[0], LUMA - STRIDE + 16, work[0], LUMA + y * STRIDE + 16, 4);
    }
  }

  private void store(int column, int row) {
    for (int plane = 0; plane < 3; plane++) {
      int size = plane == 0 ? 16 : 8;
      byte[] samples = planes.samples(plane);
      int stride = planes.stride(plane);
      for (int y = 0; y < size; y++) {
        int to = (row * size + y) * stride + column * size;
        for (int x = 0; x < size; x++) {
          samples[to + x] = (byte) work[plane][LUMA + y * STRIDE + x];
        }
      }
    }
  }
}
