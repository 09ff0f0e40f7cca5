package dev.depthwise.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.depthwise.network.InputException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Broken and hostile files: each is refused, quickly, in little memory, and nothing is run. */
class BrokenFilesTest {
  private static final long MOST_BYTES = 256L << 20;
  private static final long MOST_NANOSECONDS = 1_000_000_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @MethodSource("files")
  void refusesEach(Path file) throws IOException {
    List<Path> beside = files();
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    long start = THREADS.getCurrentThreadCpuTime();

    assertThatThrownBy(() -> readAll(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": ")
        .message()
        .doesNotContain("\n")
        .hasSizeLessThan(600);

    assertThat(THREADS.getCurrentThreadCpuTime() - start).isLessThan(MOST_NANOSECONDS);
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - bytes).isLessThan(MOST_BYTES);
    assertThat(files()).isEqualTo(beside);
    assertThat(Path.of("ORACLE_PWNED.file")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "h5_cyclic_links.h5, 'lists the weight ''self/self/self/x:0'' of layer ''a'', but does not'",
    "h5_external_link.h5, leads into another file at 'w:0'",
    "h5_fuzz_0.h5, its structure is broken",
    "h5_fuzz_2.h5, its structure points at byte 11457157452030575480",
    "h5_fuzz_3.h5, its structure is broken",
    "h5_huge_unallocated.h5, holds nothing of 'w:0': it was never written",
    "h5_missing_weight.h5, lists the weight 'a/kernel:0' of layer 'a'",
    "h5_not_keras.h5, 'is an HDF5 file, but none of Keras'",
    "h5_soft_link_dangling.h5, lists the weight 'w:0' of layer 'a'",
    "h5_trunc_tail.h5, 'is cut short: it should have 37840 bytes, but has 36840'",
    "keras_lambda_code.keras, holds a Lambda layer",
    "onnx_dangling_input.onnx, has a node that needs '",
    "onnx_external_traversal.onnx, 'is kept in ''../../../../etc/passwd''; only files in the'",
    "zero.h5, is no HDF5 file",
    "zero.keras, is no .keras file",
    "legacy_evil_os_system.pth, holds 'posix.system'",
    "legacy_truncated.pth, 'has 2304 in 4978 bytes'",
    "pth_data_crc_flip.pth, is damaged: the checksum of its entry",
    "pth_deep_list.pth, holds no dictionary of tensors",
    "pth_empty_pickle.pth, 'its pickle ends too early, at byte 0'",
    "pth_evil_eval.pth, holds '__builtin__.eval'",
    "pth_evil_os_system.pth, holds 'posix.system'",
    "pth_huge_string.pth, 'holds a text of 2147483647 bytes, but only 4 follow'",
    "pth_memo_missing.pth, 'recalls value 7, which it never stored'",
    "pth_missing_storage.pth, has no entry 'tiny_zip/data/0'",
    "pth_no_data_pkl.pth, 'has 0 entries data.pkl, not one'",
    "pth_path_traversal.pth, has no entry 'tiny_zip/data/1'",
    "whole_module_pickle.pth, 'Save the state dict alone in Python: torch.save(model.state_dict(), PATH)'",
    "zero.pth, it has only 0 bytes",
    "evil_plain.pkl, holds 'posix.system'"
  })
  void saysWhatIsWrong(String name, String fault) {
    assertThatThrownBy(() -> readAll(Resources.path("broken/" + name)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(fault);
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Resources.path("broken"))) {
      return files.sorted().toList();
    }
  }

  private static void readAll(Path file) {
    WeightFiles.open(file).tensors().values().forEach(StoredTensor::read);
  }
}
