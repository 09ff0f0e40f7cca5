package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Tensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A format of weight files. The first bytes of a file say which it has, where they can: people give
 * their files all sorts of names. Otherwise the ending of its name does.
 *
 * @param endings of the names
 * @param reader reads a file
 * @param writer writes one, if that can be done
 */
record Format(List<String> endings, Function<Path, NamedTensors> reader, Optional<Writer> writer) {
  private static final Format SAFETENSORS =
      new Format(List.of(".safetensors"), Safetensors::read, Optional.of(Safetensors::write));
  private static final Format TORCH =
      new Format(List.of(".pth", ".pt"), Pth::read, Optional.empty());
  private static final Format KERAS =
      new Format(
          List.of(".h5", ".hdf5"),
          Keras::read,
          Optional.of((path, tensors, metadata) -> Keras2Writer.write(path, tensors)));
  private static final Format KERAS_ARCHIVE =
      new Format(List.of(".keras"), KerasArchive::read, Optional.empty());
  private static final Format NPZ =
      new Format(
          List.of(".npz"),
          Npz::read,
          Optional.of((path, tensors, metadata) -> Npz.write(path, tensors)));
  private static final Format NPY = new Format(List.of(".npy"), Npy::named, Optional.empty());
  private static final Format ONNX = new Format(List.of(".onnx"), Onnx::read, Optional.empty());
  private static final List<Format> ALL =
      List.of(SAFETENSORS, TORCH, KERAS, KERAS_ARCHIVE, NPZ, NPY, ONNX);

  private static final int FIRST_BYTES = 9;

  /** Writes a file. */
  @FunctionalInterface
  interface Writer {
    void write(Path path, Map<String, Tensor> tensors, Map<String, String> metadata);
  }

  /**
   * The format of a file.
   *
   * @throws InputException if it is not known, or the file cannot be read
   */
  static Format of(Path path) {
    try (InputFile file = InputFile.open(path)) {
      return byContent(file)
          .or(() -> byEnding(path))
          .orElseThrow(
              () ->
                  file.fault(
                      "the format of this weight file is not known; known are "
                          + endings(format -> true)));
    }
  }

  /**
   * What writes files of that name.
   *
   * @throws InputException if nothing does
   */
  static Writer writer(Path path) {
    return byEnding(path)
        .flatMap(Format::writer)
        .orElseThrow(
            () ->
                InputFile.fault(
                    path,
                    "weights of this format are not written; those that are: "
                        + endings(format -> format.writer().isPresent())));
  }

  private static String endings(Predicate<Format> which) {
    return ALL.stream()
        .filter(which)
        .flatMap(format -> format.endings().stream())
        .collect(Collectors.joining(" "));
  }

  private static Optional<Format> byContent(InputFile file) {
    if (file.size() < FIRST_BYTES) {
      return Optional.empty();
    }
    ByteBuffer start = file.read(0, FIRST_BYTES);
    if (start.get(8) == '{' && start.getLong(0) < file.size()) {
      return Optional.of(SAFETENSORS);
    }
    if (start.getLong(0) == Hdf5File.SIGNATURE) {
      return Optional.of(KERAS);
    }
    if (start.getInt(0) == Zip.SIGNATURE) {
      Zip zip = Zip.read(file);
      return Optional.of(KerasArchive.is(zip) ? KERAS_ARCHIVE : Npz.is(zip) ? NPZ : TORCH);
    }
    if ((start.get(0) & 0xff) == Pth.PROTOCOL_OPERATION) {
      return Optional.of(TORCH);
    }
    return Optional.empty();
  }

  private static Optional<Format> byEnding(Path path) {
    String name = path.toString().toLowerCase(Locale.ROOT);
    return ALL.stream()
        .filter(format -> format.endings().stream().anyMatch(name::endsWith))
        .findFirst();
  }
}
