package dev.depthwise.cli;

import dev.depthwise.network.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What a person is told about a failure. */
final class Failures {
  private Failures() {}

  /** Whether the person can mend it: wrong input, or a place that cannot be written to. */
  static boolean isBadInput(Throwable failure) {
    return failure instanceof InputException
        || failure instanceof UncheckedIOException
        || failure instanceof IOException;
  }

  /** What went wrong and what to do. */
  static String message(Throwable failure) {
    if (failure instanceof OutOfMemoryError) {
      return "out of memory; try a smaller --batch, or a larger heap: DEPTHWISE_JAVA_OPTS=-Xmx4g";
    }
    if (failure instanceof InputException) {
      return String.valueOf(failure.getMessage());
    }
    if (failure instanceof FileSystemException file) {
      return "%s: %s".formatted(file.getFile(), reason(file));
    }
    if (failure instanceof UncheckedIOException unchecked
        && unchecked.getCause() instanceof FileSystemException file
        && String.valueOf(unchecked.getMessage()).contains(file.getClass().getName())) {
      return message(file);
    }
    String message = failure.getMessage();
    String what = failure.getClass().getSimpleName();
    if (message == null || message.isBlank()) {
      return "failed with %s; DEPTHWISE_DEBUG=1 shows where".formatted(what);
    }
    boolean forPeople =
        failure instanceof IOException
            || failure instanceof UncheckedIOException
            || failure.getClass().getName().startsWith("dev.depthwise.");
    return forPeople
        ? message
        : "failed: %s (%s; DEPTHWISE_DEBUG=1 shows where)".formatted(message, what);
  }

  private static String reason(FileSystemException failure) {
    if (failure instanceof NoSuchFileException) {
      return "there is no such file or folder";
    }
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    String reason = failure.getReason();
    return reason == null ? failure.getClass().getSimpleName() : reason;
  }
}
