package dev.depthwise.weights;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever bytes a file holds, its reader ends in a result or refuses it, soon and in little
 * memory. These are the known files, what fuzzing has found, and a few thousand damaged ones; to go
 * on looking, see {@code docs/fuzzing.md}.
 */
class WeightsFuzzTest {
  /** The number of tries ends a search. */
  private static final String LONG = "1000h";

  private static final int MUTATIONS = 200;

  @TempDir private static Path folder;

  @ParameterizedTest
  @EnumSource(WeightReader.class)
  void survivesDamage(WeightReader reader) {
    HostileFile file = new HostileFile(folder);
    Random random = new Random(24);
    for (byte[] seed : reader.seeds().filter(s -> s.length > 0).toList()) {
      for (int i = 0; i < MUTATIONS; i++) {
        byte[] damaged = Mutations.mutate(seed, seed.length, random);
        reader.read(file, damaged);
      }
    }
  }

  static Stream<byte[]> safetensors() {
    return WeightReader.SAFETENSORS.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void safetensors(byte[] content) {
    WeightReader.SAFETENSORS.read(new HostileFile(folder), content);
  }

  static Stream<byte[]> npy() {
    return WeightReader.NPY.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void npy(byte[] content) {
    WeightReader.NPY.read(new HostileFile(folder), content);
  }

  static Stream<byte[]> npz() {
    return WeightReader.NPZ.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void npz(byte[] content) {
    WeightReader.NPZ.read(new HostileFile(folder), content);
  }

  static Stream<byte[]> pth() {
    return WeightReader.PTH.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void pth(byte[] content) {
    WeightReader.PTH.read(new HostileFile(folder), content);
  }

  static Stream<byte[]> legacyPth() {
    return WeightReader.LEGACY_PTH.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void legacyPth(byte[] content) {
    WeightReader.LEGACY_PTH.read(new HostileFile(folder), content);
  }

  static Stream<byte[]> keras2() {
    return WeightReader.KERAS2.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void keras2(byte[] content) {
    WeightReader.KERAS2.read(new HostileFile(folder), content);
  }

  static Stream<byte[]> keras3() {
    return WeightReader.KERAS3.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void keras3(byte[] content) {
    WeightReader.KERAS3.read(new HostileFile(folder), content);
  }

  static Stream<byte[]> kerasArchive() {
    return WeightReader.KERAS_ARCHIVE.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void kerasArchive(byte[] content) {
    WeightReader.KERAS_ARCHIVE.read(new HostileFile(folder), content);
  }

  static Stream<byte[]> onnx() {
    return WeightReader.ONNX.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void onnx(byte[] content) {
    WeightReader.ONNX.read(new HostileFile(folder), content);
  }

  static Stream<byte[]> modelJson() {
    return WeightReader.MODEL_JSON.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void modelJson(byte[] content) {
    WeightReader.MODEL_JSON.read(new HostileFile(folder), content);
  }

  static Stream<byte[]> any() {
    return WeightReader.ANY.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void any(byte[] content) {
    WeightReader.ANY.read(new HostileFile(folder), content);
  }
}
