package dev.depthwise.weights;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** A reader of files that anybody may have made, and files that it knows: whole and broken ones. */
@SuppressWarnings("ImmutableEnumChecker") // Its functions and lists never change.
enum WeightReader {
  SAFETENSORS(
      tensors(Safetensors::read),
      "file.safetensors",
      "mixed.safetensors",
      "model-version-1/weights.safetensors",
      "broken/st_duplicate_key.safetensors",
      "broken/st_hole.safetensors",
      "broken/st_huge_header.safetensors",
      "broken/st_negative_shape.safetensors",
      "broken/st_overlap.safetensors",
      "broken/st_shape_overflow.safetensors",
      "broken/st_unknown_dtype.safetensors"),
  NPY(tensors(Npy::named), "file.npy", "fuzz/fortran.npy", "fuzz/big_endian.npy"),
  NPZ(tensors(Npz::read), "file.npz", "numpy.npz", "numpy_compressed.npz"),
  PTH(
      tensors(Pth::read),
      "file.pth",
      "checkpoint_nested.pth",
      "checkpoint_optimizer.pth",
      "mixed_zip.pth"),
  LEGACY_PTH(
      tensors(Pth::read),
      "file.pth",
      "fuzz/legacy.pth",
      "broken/legacy_evil_os_system.pth",
      "broken/evil_plain.pkl"),
  KERAS2(
      tensors(Keras::read),
      "file.h5",
      "keras1_names.h5",
      "keras2_nested.h5",
      "layouts_earliest.h5.gz",
      "layouts_latest.h5.gz",
      "broken/h5_cyclic_links.h5",
      "broken/h5_external_link.h5",
      "broken/h5_huge_unallocated.h5",
      "broken/h5_soft_link_dangling.h5"),
  KERAS3(tensors(Keras::read), "file.weights.h5", "keras3_nested.weights.h5"),
  KERAS_ARCHIVE(
      tensors(KerasArchive::read),
      "file.keras",
      "keras3_nested_deflated.keras",
      "keras3_nested_unnamed.keras"),
  ONNX(
      tensors(Onnx::read),
      "file.onnx",
      "tiny_external.onnx",
      "fuzz/small.onnx",
      "broken/onnx_external_traversal.onnx"),
  MODEL_JSON(file -> ModelJson.read(file).graph(file), "model.json", "model-version-1/model.json"),
  /** Tells formats apart by what a file holds. */
  ANY(
      tensors(WeightFiles::open),
      "file",
      "mixed.safetensors",
      "numpy.npz",
      "checkpoint_nested.pth",
      "fuzz/legacy.pth",
      "keras1_names.h5",
      "keras3_nested_deflated.keras");

  /** Nobody reads all of a file that unpacks a thousandfold, so that it proves nothing. */
  private static final int ENOUGH_VALUES = 4 << 20;

  private final Consumer<Path> reader;
  private final String fileName;
  private final List<String> seeds;

  WeightReader(Consumer<Path> reader, String fileName, String... seeds) {
    this.reader = reader;
    this.fileName = fileName;
    this.seeds = List.of(seeds);
  }

  private static Consumer<Path> tensors(Function<Path, NamedTensors> reader) {
    return file -> {
      int values = 0;
      for (StoredTensor tensor : reader.apply(file).tensors().values()) {
        values += tensor.read().shape().size();
        if (values > ENOUGH_VALUES) {
          return;
        }
        tensor.sha256();
      }
    };
  }

  /** The contents of the files that it knows. */
  Stream<byte[]> seeds() {
    return seeds.stream().map(WeightReader::content);
  }

  private static byte[] content(String name) {
    try {
      byte[] bytes = Files.readAllBytes(Resources.path(name));
      return name.endsWith(".gz")
          ? new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes()
          : bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads bytes as a file, and holds the reader to what all of them promise. */
  void read(HostileFile file, byte[] content) {
    file.survive(fileName, repaired(content), reader);
  }

  /** A changed entry with a sum that fits again reaches the reader of what stands in it. */
  private byte[] repaired(byte[] content) {
    return switch (this) {
      case PTH, NPZ, KERAS_ARCHIVE -> ZipSums.repaired(content);
      case SAFETENSORS, NPY, LEGACY_PTH, KERAS2, KERAS3, ONNX, MODEL_JSON, ANY -> content;
    };
  }
}
