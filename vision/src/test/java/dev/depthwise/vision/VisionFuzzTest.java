package dev.depthwise.vision;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
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
class VisionFuzzTest {
  /** The number of tries ends a search. */
  private static final String LONG = "1000h";

  private static final int MUTATIONS = 100;

  @TempDir private static Path folder;

  @ParameterizedTest
  @EnumSource(VisionReader.class)
  void survivesDamage(VisionReader reader) throws IOException {
    Random random = new Random(24);
    for (byte[] seed : reader.seeds().toList()) {
      for (int i = 0; i < MUTATIONS; i++) {
        Hostility.survive(reader, folder, Hostility.mutate(seed, random));
      }
    }
  }

  static Stream<byte[]> picture() {
    return VisionReader.PICTURE.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void picture(byte[] content) throws IOException {
    Hostility.survive(VisionReader.PICTURE, folder, content);
  }

  static Stream<byte[]> png() {
    return VisionReader.PNG.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void png(byte[] content) throws IOException {
    Hostility.survive(VisionReader.PNG, folder, content);
  }

  static Stream<byte[]> webp() {
    return VisionReader.WEBP.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void webp(byte[] content) throws IOException {
    Hostility.survive(VisionReader.WEBP, folder, content);
  }

  static Stream<byte[]> vp8() {
    return VisionReader.VP8.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void vp8(byte[] content) throws IOException {
    Hostility.survive(VisionReader.VP8, folder, content);
  }

  static Stream<byte[]> jpegHeader() {
    return VisionReader.JPEG_HEADER.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void jpegHeader(byte[] content) throws IOException {
    Hostility.survive(VisionReader.JPEG_HEADER, folder, content);
  }

  static Stream<byte[]> pngHeader() {
    return VisionReader.PNG_HEADER.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void pngHeader(byte[] content) throws IOException {
    Hostility.survive(VisionReader.PNG_HEADER, folder, content);
  }

  static Stream<byte[]> orientation() {
    return VisionReader.ORIENTATION.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void orientation(byte[] content) throws IOException {
    Hostility.survive(VisionReader.ORIENTATION, folder, content);
  }

  static Stream<byte[]> idxPictures() {
    return VisionReader.IDX_PICTURES.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void idxPictures(byte[] content) throws IOException {
    Hostility.survive(VisionReader.IDX_PICTURES, folder, content);
  }

  static Stream<byte[]> idxLabels() {
    return VisionReader.IDX_LABELS.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void idxLabels(byte[] content) throws IOException {
    Hostility.survive(VisionReader.IDX_LABELS, folder, content);
  }

  static Stream<byte[]> cifarBatch() {
    return VisionReader.CIFAR_BATCH.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void cifarBatch(byte[] content) throws IOException {
    Hostility.survive(VisionReader.CIFAR_BATCH, folder, content);
  }

  static Stream<byte[]> cifarNames() {
    return VisionReader.CIFAR_NAMES.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void cifarNames(byte[] content) throws IOException {
    Hostility.survive(VisionReader.CIFAR_NAMES, folder, content);
  }

  static Stream<byte[]> cifarArchive() {
    return VisionReader.CIFAR_ARCHIVE.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void cifarArchive(byte[] content) throws IOException {
    Hostility.survive(VisionReader.CIFAR_ARCHIVE, folder, content);
  }

  static Stream<byte[]> tar() {
    return VisionReader.TAR.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void tar(byte[] content) throws IOException {
    Hostility.survive(VisionReader.TAR, folder, content);
  }

  static Stream<byte[]> index() {
    return VisionReader.INDEX.seeds();
  }

  @MethodSource
  @FuzzTest(maxDuration = LONG)
  void index(byte[] content) throws IOException {
    Hostility.survive(VisionReader.INDEX, folder, content);
  }
}
