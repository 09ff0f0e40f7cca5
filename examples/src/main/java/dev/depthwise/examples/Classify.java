package dev.depthwise.examples;

import dev.depthwise.inference.Classifier;
import dev.depthwise.inference.Guess;
import dev.depthwise.network.Network;
import dev.depthwise.weights.ModelDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Says what pictures show, with a model from a directory. */
public final class Classify {
  private Classify() {}

  /** The likeliest class of each picture. */
  public static List<String> classify(Path directory, List<Path> files) {
    List<String> answers = new ArrayList<>();
    // @start region="classify"
    Network network = ModelDirectory.read(directory);
    try (Classifier classifier = Classifier.of(network)) {
      for (Path file : files) {
        Guess best = classifier.classify(file, 5).get(0); // of the five likeliest, the first
        answers.add("%s %.2f".formatted(best.label(), best.probability()));
      }
    }
    // @end
    return answers;
  }
}
