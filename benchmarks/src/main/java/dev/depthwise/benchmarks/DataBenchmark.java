package dev.depthwise.benchmarks;

import dev.depthwise.network.Preprocessing;
import dev.depthwise.vision.Augmentation;
import dev.depthwise.vision.Batches;
import dev.depthwise.vision.Dataset;
import dev.depthwise.vision.FolderDataset;
import dev.depthwise.vision.Inspection;
import dev.depthwise.vision.Preprocessor;
import dev.depthwise.vision.Progress;
import dev.depthwise.vision.Subset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A folder of 100,000 JPEG files: how long its index takes, how fast pictures come out of it, and
 * whether memory stays flat. {@code -Dpictures}, {@code -Dclasses} and {@code -Dfolder} (in which a
 * temporary folder is made) change it.
 */
public final class DataBenchmark {
  private static final int SIDE = 224;
  private static final int BATCH = 64;

  /**
   * So long must a folder have been left alone for its index to believe that it has not changed.
   */
  private static final long SETTLING_MILLIS = 3000;

  private DataBenchmark() {}

  /** What a part of the run took, and what memory did meanwhile. */
  private record Row(String what, int pictures, double seconds, List<Trend.Point> memory) {
    String line() {
      return "| %s | %,d | %.2f | %,.0f | %s | %s |"
          .formatted(what, pictures, seconds, pictures / seconds, most(), slope());
    }

    private String most() {
      return memory.isEmpty()
          ? ""
          : "%.0f".formatted(memory.stream().mapToDouble(Trend.Point::value).max().getAsDouble());
    }

    private String slope() {
      if (memory.size() < 3) {
        return "";
      }
      Trend trend = Trend.of(memory);
      return "%+.2f ± %.2f".formatted(10_000 * trend.slope(), 10_000 * trend.error());
    }
  }

  /** Runs it and prints a Markdown table. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int pictures = Integer.getInteger("pictures", 100_000);
    int classes = Integer.getInteger("classes", 100);
    Path parent = Path.of(System.getProperty("folder", System.getProperty("java.io.tmpdir")));
    Path folder = Files.createTempDirectory(parent, "depthwise-data");
    try {
      long began = System.nanoTime();
      long bytes = SyntheticFolder.write(folder, pictures, classes);
      System.out.printf(
          "%,d files, %,.0f MB, written in %.0f s, heap at most %,d MB%n%n",
          pictures, bytes / 1e6, secondsSince(began), Runtime.getRuntime().maxMemory() / 1_000_000);
      Thread.sleep(SETTLING_MILLIS);
      System.out.println(
          "| | pictures | seconds | pictures a second | resident MB, at most | MB each 10,000 pictures |");
      System.out.println("|---|---|---|---|---|---|");
      System.out.println(index("index, made", folder).line());
      System.out.println(index("index, reused", folder).line());
      System.out.println(check("check, all processors", folder).line());
      System.out.println(check("check, reused", folder).line());
      Dataset dataset = FolderDataset.open(folder, Progress.NONE);
      for (int threads = 1; threads <= 2; threads++) {
        System.out.println(batches(dataset, threads).line());
      }
    } finally {
      SyntheticFolder.delete(folder);
    }
  }

  private static Row index(String what, Path folder) {
    long began = System.nanoTime();
    Dataset dataset = FolderDataset.open(folder, Progress.NONE);
    double seconds = secondsSince(began);
    return new Row(
        what,
        dataset.size(),
        seconds,
        List.of(new Trend.Point(dataset.size(), ProcessMemory.residentMegabytes())));
  }

  private static Row check(String what, Path folder) {
    long began = System.nanoTime();
    Dataset dataset = FolderDataset.open(folder, Progress.NONE);
    Gauge gauge = new Gauge(dataset.size());
    Inspection inspection = Inspection.of(dataset, 0, (task, done, total) -> gauge.at(done));
    double seconds = secondsSince(began);
    if (!inspection.faults().isEmpty()) {
      throw new IllegalStateException("corrupt: " + inspection.faults());
    }
    return new Row(what, dataset.size(), seconds, gauge.points);
  }

  /** Decodes, resizes to 224x224 and normalises a tenth of the pictures, evenly chosen. */
  private static Row batches(Dataset dataset, int threads) {
    Dataset some =
        new Subset(
            "a tenth",
            dataset,
            IntStream.range(0, dataset.size()).filter(index -> index % 10 == 0).toArray());
    Preprocessing preprocessing =
        Preprocessing.stretched(3, SIDE, SIDE, List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25));
    Gauge gauge = new Gauge(some.size());
    long done = 0;
    long began = System.nanoTime();
    try (Batches batches =
        new Batches(
            some,
            new Preprocessor(preprocessing),
            Augmentation.none(),
            new Batches.Options(BATCH, true, false, 1, threads),
            0,
            0)) {
      while (batches.hasNext()) {
        done += batches.next().count();
        gauge.at(done);
      }
    }
    return new Row(
        "decode, resize to %d, normalise; threads: %d".formatted(SIDE, threads),
        some.size(),
        secondsSince(began),
        gauge.points);
  }

  /** Reads the memory forty times in a run, but for its first tenth, in which it warms up. */
  private static final class Gauge {
    private final int size;
    private final List<Trend.Point> points = new ArrayList<>();
    private double next;

    Gauge(int size) {
      this.size = size;
      next = size / 10.0;
    }

    void at(long done) {
      if (done >= next) {
        points.add(new Trend.Point(done, ProcessMemory.residentMegabytes()));
        next = done + size / 40.0;
      }
    }
  }

  private static double secondsSince(long began) {
    return (System.nanoTime() - began) * 1e-9;
  }
}
