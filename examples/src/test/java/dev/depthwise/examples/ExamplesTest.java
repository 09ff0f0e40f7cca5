package dev.depthwise.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.inference.Guess;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Network;
import dev.depthwise.network.Randomness;
import dev.depthwise.network.Tensor;
import dev.depthwise.training.Initialization;
import dev.depthwise.vision.Data;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.PictureReader;
import dev.depthwise.vision.PictureWriter;
import dev.depthwise.vision.Subset;
import dev.depthwise.weights.ModelDirectory;
import dev.depthwise.weights.Naming;
import dev.depthwise.weights.WeightFiles;
import dev.depthwise.zoo.ImageNet;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Zoo;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what the documentation shows. */
class ExamplesTest {
  private static final Path SHIPPED = Path.of("../models/fashion-resnet");
  private static final Path PICTURES = Path.of("../data/pictures");

  @TempDir Path folder;

  @Test
  void classifiesPictures() {
    List<String> answers =
        Classify.classify(
            SHIPPED, List.of(PICTURES.resolve("ankle-boot.png"), PICTURES.resolve("trouser.png")));

    assertThat(answers).hasSize(2);
    assertThat(answers.get(0)).startsWith("Ankle boot ");
    assertThat(answers.get(1)).startsWith("Trouser ");
  }

  @Test
  void runsAnArchitectureWithWeightsOfAFile() {
    Path file = folder.resolve("resnet18.safetensors");
    Graph graph = Zoo.find("resnet18").graph(Options.defaults());
    WeightFiles.write(file, Initialization.initialize(graph, 1), Naming.TORCH);
    float[] pixels = new float[2 * graph.input().shape().size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) Randomness.normal(1, i);
    }

    float[] logits = LoadWeights.run(file, FloatBuffer.wrap(pixels), 2);

    assertThat(logits).hasSize(2000).doesNotContain(Float.NaN);
    assertThat(logits[0]).isNotEqualTo(logits[1000]).isNotZero();
  }

  @Test
  void trainsOnAFolderOfPictures() throws IOException {
    for (String color : List.of("dark", "light")) {
      Files.createDirectories(folder.resolve("pictures").resolve(color));
      for (int i = 0; i < 10; i++) {
        byte[] samples = new byte[3 * 20 * 20];
        for (int at = 0; at < samples.length; at++) {
          samples[at] = (byte) ((color.equals("dark") ? 20 : 200) + (at * 7 + i) % 30);
        }
        Path file = folder.resolve("pictures").resolve(color).resolve(i + ".png");
        Files.write(file, PictureWriter.png(Picture.of(20, 20, 3, samples)));
      }
    }
    Path out = folder.resolve("out");
    List<String> log = new ArrayList<>();

    Network trained = Train.train(folder.resolve("pictures"), out, 2, log);

    assertThat(log).hasSize(2);
    assertThat(log.get(1)).startsWith("epoch 2: loss ");
    assertThat(trained.labels()).containsExactly("dark", "light");
    assertThat(ModelDirectory.read(out)).isEqualTo(trained);
  }

  @Test
  void trainsANetworkOfOnesOwn() {
    Data sample = Data.open("sample:../data/fashion-mnist-sample");
    Subset some = new Subset("some", sample.train(), IntStream.range(0, 300).toArray());

    Network trained = OwnNetwork.train(some, 1);

    assertThat(trained.model().graph().taps()).containsKeys("stem", "body0", "body1", "body2");
    assertThat(trained.labels()).hasSize(10);
    assertThat(trained.metrics().get("training_loss")).isFinite();
  }

  @Test
  void classifiesWithAPublishedNetwork() {
    Path file = folder.resolve("resnet18.safetensors");
    Graph graph = Zoo.find("resnet18").graph(Options.defaults());
    WeightFiles.write(file, Initialization.initialize(graph, 1), Naming.TORCH);

    List<Guess> guesses = Published.classify(file, PICTURES.resolve("bag.png"));

    assertThat(guesses).hasSize(5);
    assertThat(ImageNet.labels()).contains(guesses.get(0).label());
  }

  @Test
  void classifiesManyPicturesAtOnce() {
    Picture bag = PictureReader.read(PICTURES.resolve("bag.png"));
    Picture boot = PictureReader.read(PICTURES.resolve("ankle-boot.png"));

    List<List<Guess>> guesses =
        Batched.classify(ModelDirectory.read(SHIPPED), List.of(bag, boot, bag));

    assertThat(guesses)
        .extracting(each -> each.get(0).label())
        .containsExactly("Bag", "Ankle boot", "Bag");
  }

  @Test
  void readsFeaturesOfInnerLayers() {
    List<Tensor> features =
        LayerFeatures.features(ModelDirectory.read(SHIPPED), PICTURES.resolve("bag.png"));

    assertThat(features)
        .extracting(tensor -> tensor.shape().dimensions())
        .containsExactly(List.of(64, 7, 7), List.of(64));
    float[] maps = features.get(0).toArray();
    double sum = 0;
    for (int i = 0; i < 49; i++) {
      sum += maps[i];
    }
    assertThat((double) features.get(1).toArray()[0]).isCloseTo(sum / 49, within(1e-5));
  }
}
