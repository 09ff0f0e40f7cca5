package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/**
 * Elements of an ONNX model that stand in a file beside it, in its own folder or below.
 *
 * @param file where they are
 * @param offset where they begin
 * @param length how many bytes there should be; -1 if that is not said
 */
record OnnxExternal(Path file, long offset, long length) {
  /**
   * Where a model says its elements are.
   *
   * @param fault makes a fault that names the tensor
   * @throws InputException if that is anywhere outside of the model's folder
   */
  static OnnxExternal of(
      Path model, Map<String, String> entries, Function<String, InputException> fault) {
    String location = entries.getOrDefault("location", "");
    InputException outside =
        fault.apply(
            "is kept in %s; only files in the model's own folder are read"
                .formatted(Text.quote(location)));
    // What one system takes for a name, another takes for a path.
    if (location.isEmpty()
        || location.contains("\\")
        || location.contains(":")
        || location.startsWith("/")
        || java.util.List.of(location.split("/", -1)).contains("..")) {
      throw outside;
    }
    try {
      Path absolute = model.toAbsolutePath();
      Path folder = absolute.getParent() == null ? absolute : absolute.getParent();
      Path file = folder.resolve(location);
      if (!Files.exists(file)) {
        throw fault.apply(
            "is kept in %s, which is not there; put it beside the model"
                .formatted(Text.quote(location)));
      }
      if (!file.toRealPath().startsWith(folder.toRealPath())) {
        throw outside;
      }
      return new OnnxExternal(
          file,
          number(entries.getOrDefault("offset", "0"), fault),
          number(entries.getOrDefault("length", "-1"), fault));
    } catch (InvalidPathException | IOException e) {
      throw outside;
    }
  }

  private static long number(String text, Function<String, InputException> fault) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw fault.apply("is kept at byte %s of another file".formatted(Text.quote(text)));
    }
  }

  /** Refuses what has another size than it should. */
  void requireHolds(long bytes, Function<String, InputException> fault) {
    if (length >= 0 && length != bytes) {
      throw fault.apply("needs %d bytes, but has %d in another file".formatted(bytes, length));
    }
    try (InputFile opened = InputFile.open(file)) {
      if (offset < 0 || bytes > opened.size() - offset) {
        throw fault.apply(
            "needs %d bytes from byte %d of %s on, which has %d"
                .formatted(bytes, offset, Text.quote(file.toString()), opened.size()));
      }
    }
  }

  /** The elements, little-endian. */
  ByteBuffer read(long bytes) {
    try (InputFile opened = InputFile.open(file)) {
      return opened.read(offset, bytes);
    }
  }
}
