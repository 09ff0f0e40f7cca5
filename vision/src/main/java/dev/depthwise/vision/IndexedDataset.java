package dev.depthwise.vision;

import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A data set on disk that remembers what it has learned of its pictures. */
abstract sealed class IndexedDataset implements Dataset permits FolderDataset, TarDataset {
  /** The step of the coarsest of clocks that file systems keep. */
  private static final long CLOCK_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final String name;
  private final List<String> labels;
  private final PictureIndex index;
  private final IndexFile file;

  IndexedDataset(String name, List<String> labels, PictureIndex index, IndexFile file) {
    this.name = name;
    this.labels = List.copyOf(labels);
    this.index = index;
    this.file = file;
  }

  /**
   * When something was last changed, in nanoseconds, if it lies far enough back that any later
   * change would have another time.
   */
  static long settled(FileTime changed) {
    long modified = changed.to(TimeUnit.NANOSECONDS);
    long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    return now - modified > CLOCK_NANOS ? modified : PictureIndex.UNSETTLED;
  }

  /** What is known of its pictures. */
  final PictureIndex index() {
    return index;
  }

  /** Writes to the disk what has been learned since; where that cannot be, a note says so. */
  final void keepIndex(Progress progress) {
    file.write(index, progress);
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final List<String> labels() {
    return labels;
  }

  @Override
  public final int size() {
    return index.size();
  }

  @Override
  public final int label(int picture) {
    return index.label(picture);
  }

  @Override
  public final long fingerprint(int picture) {
    Inspection inspection = index.inspection();
    return inspection.isDecoded(picture)
        ? inspection.fingerprint(picture)
        : Dataset.super.fingerprint(picture);
  }
}
