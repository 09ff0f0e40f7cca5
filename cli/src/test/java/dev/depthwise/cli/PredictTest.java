package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.training.Initialization;
import dev.depthwise.weights.Naming;
import dev.depthwise.weights.Npy;
import dev.depthwise.weights.WeightFiles;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Zoo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What predict can write besides probabilities. */
class PredictTest {
  @TempDir Path folder;

  @BeforeEach
  void weightsAndPictures() {
    Graph graph = Zoo.find("resnet20").graph(Options.defaults());
    WeightFiles.write(
        folder.resolve("w.safetensors"), Initialization.initialize(graph, 3), Naming.TORCH);
    Npy.write(folder.resolve("x.npy"), pictures());
  }

  @Test
  void featuresArePooledOrNot() {
    Tensor maps = written("y.npy", "--no-top");
    Tensor means = written("y.npy", "--no-top", "--pooling", "avg");
    Tensor maxima = written("y.npy", "--no-top", "--pooling", "max");

    assertThat(maps.shape()).isEqualTo(Shape.of(2, 64, 4, 4));
    assertThat(means.shape()).isEqualTo(Shape.of(2, 64));
    double sum = 0;
    float largest = 0;
    for (int place = 0; place < 16; place++) {
      sum += maps.values().get(place);
      largest = Math.max(largest, maps.values().get(place));
    }
    assertThat(means.values().get(0)).isCloseTo((float) sum / 16, within(1e-5f));
    assertThat(maxima.values().get(0)).isCloseTo(largest, within(1e-5f));
  }

  @Test
  void aTapIsWrittenInTheLayoutOfTheInput() {
    Tensor first = written("y.npy", "--tap", "layer2");
    Npy.write(folder.resolve("x.npy"), channelsLast(pictures()));
    Tensor last = written("y.npy", "--tap", "layer2", "--layout", "nhwc");

    assertThat(first.shape()).isEqualTo(Shape.of(2, 32, 8, 8));
    assertThat(last.shape()).isEqualTo(Shape.of(2, 8, 8, 32));
    assertThat(last.toArray()).containsExactly(channelsLast(first).toArray(), within(1e-6f));
  }

  @Test
  void severalTapsGoIntoAnArchiveByName() throws IOException {
    predict("y.npz", "--tap", "layer1.0", "--tap", "output").succeeds();

    List<String> names = new ArrayList<>();
    try (InputStream file = Files.newInputStream(folder.resolve("y.npz"));
        ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        names.add(entry.getName());
        Path array = folder.resolve(entry.getName());
        Files.write(array, zip.readAllBytes());
      }
    }
    assertThat(names).containsExactly("layer1.0.npy", "output.npy");
    assertThat(Npy.read(folder.resolve("output.npy"))).isEqualTo(written("y.npy", "--logits"));
    assertThat(Npy.read(folder.resolve("layer1.0.npy")).shape()).isEqualTo(Shape.of(2, 16, 16, 16));
  }

  @Test
  void refusals() {
    predict("y.npy", "--tap", "layer1", "--tap", "layer2")
        .refuses("y.npy can hold one array, but 2 are tapped; write an .npz");
    predict("y.npy", "--tap", "layr1").refuses("no value named 'layr1'", "layer1");
    predict("y.npy", "--pooling", "avg").refuses("pooling avg is for a network without its top");
    predict("y.npy", "--no-top", "--classes", "3").refuses("tells no classes apart");
    predict("y.npy", "--alpha", "0.5").refuses("resnet20 has no widths to multiply");
    predict("y.npy", "--auxiliary").refuses("resnet20 has no auxiliary heads");
  }

  private Tensor written(String output, String... more) {
    predict(output, more).succeeds();
    return Npy.read(folder.resolve(output));
  }

  private Outcome predict(String output, String... more) {
    Object[] given = {
      "predict",
      "--model",
      "resnet20",
      "--weights",
      folder.resolve("w.safetensors"),
      "--input",
      folder.resolve("x.npy"),
      "--output",
      folder.resolve(output),
      "--threads",
      1
    };
    return Outcome.of(EndToEndTest.with(given, (Object[]) more));
  }

  private static Tensor pictures() {
    float[] values = new float[2 * 3 * 16 * 16];
    Random random = new Random(5);
    for (int index = 0; index < values.length; index++) {
      values[index] = random.nextFloat();
    }
    return Tensor.of(Shape.of(2, 3, 16, 16), values);
  }

  private static Tensor channelsLast(Tensor batch) {
    int channels = batch.shape().dimension(1);
    int places = batch.shape().dimension(2) * batch.shape().dimension(3);
    float[] moved = new float[batch.shape().size()];
    for (int index = 0; index < moved.length; index++) {
      int picture = index / (channels * places);
      int place = index / channels % places;
      int channel = index % channels;
      moved[index] = batch.values().get((picture * channels + channel) * places + place);
    }
    return Tensor.of(
        Shape.of(2, batch.shape().dimension(2), batch.shape().dimension(3), channels), moved);
  }
}
