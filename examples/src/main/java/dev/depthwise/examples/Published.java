package dev.depthwise.examples;

import dev.depthwise.inference.Classifier;
import dev.depthwise.inference.Guess;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.weights.WeightFiles;
import dev.depthwise.zoo.ImageNet;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Zoo;
import java.nio.file.Path;
import java.util.List;

/** Classifies with a published network: an architecture, its file, its way to prepare pictures. */
public final class Published {
  private Published() {}

  /** The five likeliest of ImageNet's classes. */
  public static List<Guess> classify(Path file, Path photo) {
    // @start region="published"
    Graph graph = Zoo.find("resnet18").graph(Options.defaults());
    Network network =
        Network.of(
                new Model(graph, WeightFiles.read(file, graph)),
                Preprocessing.torchvision(256, 224))
            .withLabels(ImageNet.labels());
    try (Classifier classifier = Classifier.of(network)) {
      return classifier.classify(photo, 5);
    }
    // @end
  }
}
