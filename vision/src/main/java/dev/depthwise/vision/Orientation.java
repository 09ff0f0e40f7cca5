package dev.depthwise.vision;

import com.drew.imaging.tiff.TiffProcessingException;
import com.drew.imaging.tiff.TiffReader;
import com.drew.lang.ByteArrayReader;
import com.drew.lang.RandomAccessReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifDirectoryBase;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifTiffHandler;
import java.io.IOException;
import java.util.Set;

/**
 * How a camera was held, as Exif says it: which way a stored picture must be turned to stand
 * upright.
 */
enum Orientation {
  UPRIGHT,
  MIRRORED,
  UPSIDE_DOWN,
  MIRRORED_UPSIDE_DOWN,
  TRANSPOSED,
  TURNED_LEFT,
  TRANSPOSED_UPSIDE_DOWN,
  TURNED_RIGHT;

  /**
   * What an Exif block says; upright where it says nothing that can be understood.
   *
   * @param content holds the block, which has the form of a TIFF file, at {@code from}
   */
  static Orientation of(byte[] content, int from) {
    Metadata metadata = new Metadata();
    try {
      new TiffReader()
          .processTiff(new ByteArrayReader(content, from), new OnlyOrientation(metadata), 0);
    } catch (TiffProcessingException | IOException | RuntimeException e) {
      // A picture is no worse for a broken remark about it.
      return UPRIGHT;
    }
    ExifIFD0Directory directory = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
    Integer value =
        directory == null ? null : directory.getInteger(ExifDirectoryBase.TAG_ORIENTATION);
    return value == null || value < 1 || value > values().length ? UPRIGHT : values()[value - 1];
  }

  /**
   * Reads one tag of the first directory and looks at nothing else: not at thumbnails, makers'
   * notes or coordinates.
   */
  private static final class OnlyOrientation extends ExifTiffHandler {
    OnlyOrientation(Metadata metadata) {
      super(metadata, null, 0);
    }

    @Override
    public boolean tryEnterSubIfd(int tag) {
      return false;
    }

    @Override
    public boolean hasFollowerIfd() {
      return false;
    }

    @Override
    public boolean customProcessTag(
        int valueOffset,
        Set<Integer> processed,
        int headerOffset,
        RandomAccessReader reader,
        int tag,
        int byteCount) {
      return tag != ExifDirectoryBase.TAG_ORIENTATION;
    }
  }

  /** The picture as it stands upright. */
  Picture apply(Picture stored) {
    return switch (this) {
      case UPRIGHT -> stored;
      case MIRRORED -> stored.mirrored();
      case UPSIDE_DOWN -> stored.mirrored().upsideDown();
      case MIRRORED_UPSIDE_DOWN -> stored.upsideDown();
      case TRANSPOSED -> stored.transposed();
      case TURNED_LEFT -> stored.transposed().mirrored();
      case TRANSPOSED_UPSIDE_DOWN -> stored.transposed().mirrored().upsideDown();
      case TURNED_RIGHT -> stored.transposed().upsideDown();
    };
  }
}
