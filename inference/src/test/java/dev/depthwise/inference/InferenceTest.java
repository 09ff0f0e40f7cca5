package dev.depthwise.inference;

import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.globalAveragePool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engines;
import dev.depthwise.engine.Executable;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Randomness;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.PictureWriter;
import dev.depthwise.vision.Preprocessor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferenceTest {
  private static final Network NETWORK = network();

  @TempDir private Path folder;

  /** Three classes, and an output beside the principal one. */
  private static Network network() {
    Graph graph =
        Graph.of(
            Shape.of(3, 8, 8),
            chain(
                named("stem", conv("conv", 4, k(3).stride(2)), relu()),
                (scope, input) -> {
                  scope.output(
                      "side",
                      chain(globalAveragePool("sidepool"), dense("sideclasses", 2))
                          .apply(scope, input));
                  return input;
                },
                globalAveragePool("pool"),
                dense("classes", 3)));
    Map<Weights.Key, Tensor> weights = new LinkedHashMap<>();
    graph
        .parameters()
        .forEach(
            (key, shape) -> {
              float[] values = new float[shape.size()];
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) Randomness.normal(weights.size(), i);
              }
              weights.put(key, Tensor.of(shape, values));
            });
    return Network.of(new Model(graph, new Weights(weights)), Preprocessing.caffe(8, 8))
        .withLabels(List.of("ant", "bee", "cat"));
  }

  private static Picture picture(int number) {
    byte[] samples = new byte[3 * 20 * 10];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) Randomness.keyed("picture", number, i).below(256);
    }
    return Picture.of(20, 10, 3, samples);
  }

  private static double[] probabilities(Picture picture) {
    try (Executable executable = Engines.best().compile(NETWORK.model(), CompileOptions.batch(1))) {
      executable.run(FloatBuffer.wrap(new Preprocessor(NETWORK.preprocessing()).apply(picture)), 1);
      double[] exponentials = new double[3];
      double sum = 0;
      for (int i = 0; i < 3; i++) {
        exponentials[i] = Math.exp(executable.output().get(i));
        sum += exponentials[i];
      }
      for (int i = 0; i < 3; i++) {
        exponentials[i] /= sum;
      }
      return exponentials;
    }
  }

  @Test
  void saysWhatAPictureShowsLikeliestFirst() throws IOException {
    Path file = folder.resolve("photo.png");
    Files.write(file, PictureWriter.png(picture(1)));
    double[] expected = probabilities(picture(1));

    try (Classifier classifier = Classifier.of(NETWORK)) {
      List<Guess> guesses = classifier.classify(file, 5);

      assertThat(guesses).hasSize(3).isEqualTo(classifier.classify(picture(1), 3));
      assertThat(guesses)
          .extracting(Guess::probability)
          .isSortedAccordingTo((a, b) -> Double.compare(b, a));
      for (Guess guess : guesses) {
        assertThat(guess.label()).isEqualTo(NETWORK.labels().get(guess.index()));
        assertThat(guess.probability()).isCloseTo(expected[guess.index()], within(1e-6));
      }
      assertThat(classifier.classify(file, 1)).containsExactly(guesses.get(0));
    }
  }

  @Test
  void batchesSayWhatSinglePicturesSay() {
    List<Picture> pictures = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      pictures.add(picture(i));
    }
    try (Classifier single = Classifier.of(NETWORK);
        Classifier batched = Classifier.of(NETWORK, Engines.best(), CompileOptions.batch(3))) {
      List<List<Guess>> all = batched.classify(pictures, 3);

      assertThat(all).hasSize(7);
      for (int i = 0; i < 7; i++) {
        assertThat(all.get(i)).isEqualTo(single.classify(pictures.get(i), 3));
      }
      assertThat(batched.classify(List.of(), 3)).isEmpty();
    }
  }

  @Test
  void manyThreadsMayShareOne() throws Exception {
    List<List<Guess>> expected = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (Classifier classifier = Classifier.of(NETWORK)) {
      for (int i = 0; i < 40; i++) {
        expected.add(classifier.classify(picture(i), 3));
      }
      List<Future<List<Guess>>> asked = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Picture picture = picture(i);
        asked.add(threads.submit(() -> classifier.classify(picture, 3)));
      }
      for (int i = 0; i < 40; i++) {
        assertThat(asked.get(i).get()).isEqualTo(expected.get(i));
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void extractsSeveralValuesAtOnce() throws IOException {
    Path file = folder.resolve("photo.png");
    Files.write(file, PictureWriter.png(picture(2)));

    try (FeatureExtractor extractor = FeatureExtractor.of(NETWORK, "stem", "pool", "input")) {
      Features features = extractor.extract(file);

      assertThat(extractor.shapes())
          .containsExactly(
              Map.entry("stem", Shape.of(4, 4, 4)),
              Map.entry("pool", Shape.of(4)),
              Map.entry("input", Shape.of(3, 8, 8)));
      assertThat(features.tensors()).containsOnlyKeys("stem", "pool", "input");
      assertThat(features.tensor()).isEqualTo(features.tensor("stem"));
      assertThatThrownBy(() -> features.tensor("poll"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'poll' was not extracted; did you mean pool");
      assertThat(features.tensor("input").toArray())
          .isEqualTo(new Preprocessor(NETWORK.preprocessing()).apply(picture(2)));
      float[] stem = features.tensor("stem").toArray();
      for (int channel = 0; channel < 4; channel++) {
        double sum = 0;
        for (int i = 0; i < 16; i++) {
          sum += stem[16 * channel + i];
        }
        assertThat((double) features.tensor("pool").values().get(channel))
            .isCloseTo(sum / 16, within(1e-3));
      }
      assertThat(extractor.extract(List.of(picture(2), picture(3))))
          .hasSize(2)
          .startsWith(features);
    }
  }

  @Test
  void refusesNamesThatTheNetworkDoesNotHave() {
    assertThatThrownBy(() -> FeatureExtractor.of(NETWORK, "stern"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no value named 'stern'")
        .hasMessageContaining("stem");
    assertThatThrownBy(() -> FeatureExtractor.of(NETWORK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one value");
  }

  @Test
  void refusesWhatIsNoPicture() throws IOException {
    Path file = Files.writeString(folder.resolve("photo.jpg"), "no photo");

    try (Classifier classifier = Classifier.of(NETWORK)) {
      assertThatThrownBy(() -> classifier.classify(file, 1))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("photo.jpg: its content is no picture");
      assertThatThrownBy(() -> classifier.classify(picture(1), 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be positive, was 0");
    }
  }

  @Test
  void nothingIsLeftOnceItIsClosed() {
    Classifier classifier = Classifier.of(NETWORK);
    classifier.classify(picture(1), 1);
    assertThat(threads()).contains("depthwise-inference");

    classifier.close();
    classifier.close();

    assertThat(threads()).doesNotContain("depthwise-inference");
    assertThatThrownBy(() -> classifier.classify(picture(1), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }
}
