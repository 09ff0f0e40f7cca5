package dev.depthwise.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.network.Network;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Model directories of earlier releases, written by them and never again: they stay readable. */
class FixturesTest {
  @TempDir private Path directory;

  @Test
  void readsVersion1() throws NoSuchAlgorithmException {
    Network network = ModelDirectory.read(Resources.path("model-version-1"));

    assertThat(network.model().graph().nodes()).hasSize(30);
    assertThat(network.model().graph().input().shape()).isEqualTo(Shape.of(3, 9, 8));
    assertThat(network.model().graph().outputs()).containsOnlyKeys("output", "side");
    assertThat(network.model().graph().taps()).containsOnlyKeys("block", "middle");
    assertThat(network.labels()).containsExactly("ant", "bee", "café", "\"dog\"", "elk");
    assertThat(network.provenance()).isEqualTo(Map.of("command", "train --seed 3"));
    assertThat(network.metrics()).isEqualTo(Map.of("top-1", 0.9412, "loss", Double.NaN));
    assertThat(network.preprocessing())
        .isEqualTo(
            Preprocessing.stretched(
                3, 9, 8, List.of(0.1, 0.1, 0.1), List.of(1.0 / 3, 1.0 / 3, 1.0 / 3)));
    assertThat(sha256(network.model().weights()))
        .isEqualTo("1021316886a0eccdd10cd1e2e3b9cdc3a4e5819da2f643e5d8773d8547a9aeac");
  }

  @Test
  void writesAnEqualOneToday() {
    Network network = ModelDirectory.read(Resources.path("model-version-1"));

    ModelDirectory.write(directory.resolve("today"), network, false);

    assertThat(ModelDirectory.read(directory.resolve("today"))).isEqualTo(network);
  }

  /** Of all values, sorted by their keys: a tensor that went elsewhere shows. */
  private static String sha256(Weights weights) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    weights.keys().stream()
        .sorted(Comparator.comparing(Weights.Key::toString))
        .forEach(
            key -> {
              float[] values = weights.get(key).toArray();
              ByteBuffer bytes =
                  ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
              bytes.asFloatBuffer().put(values);
              digest.update(key.toString().getBytes(StandardCharsets.UTF_8));
              digest.update(bytes.array());
            });
    return HexFormat.of().formatHex(digest.digest());
  }
}
