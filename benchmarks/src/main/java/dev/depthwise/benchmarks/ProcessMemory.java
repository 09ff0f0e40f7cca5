package dev.depthwise.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the operating system says of this process' memory; Linux only. */
final class ProcessMemory {
  private ProcessMemory() {}

  /** The most memory that was resident so far, in MB of 10^6 bytes; not a number elsewhere. */
  static double peakMegabytes() {
    return megabytes("VmHWM:");
  }

  /** The memory that is resident now, in MB of 10^6 bytes; not a number elsewhere. */
  static double residentMegabytes() {
    return megabytes("VmRSS:");
  }

  private static double megabytes(String field) {
    try {
      List<String> lines = Files.readAllLines(Path.of("/proc/self/status"));
      for (String line : lines) {
        if (line.startsWith(field)) {
          return Double.parseDouble(line.replaceAll("\\D+", "")) * 1024 / 1e6;
        }
      }
      return Double.NaN;
    } catch (IOException absent) {
      return Double.NaN;
    }
  }
}
