package dev.depthwise.examples;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engines;
import dev.depthwise.inference.Classifier;
import dev.depthwise.inference.Guess;
import dev.depthwise.network.Network;
import dev.depthwise.vision.Picture;
import java.util.List;

/** Classifies many pictures at once. */
public final class Batched {
  private Batched() {}

  /** The likeliest class of each picture. */
  public static List<List<Guess>> classify(Network network, List<Picture> pictures) {
    // @start region="batched"
    CompileOptions options = CompileOptions.batch(16).withThreads(4);
    try (Classifier classifier = Classifier.of(network, Engines.best(), options)) {
      return classifier.classify(pictures, 1);
    }
    // @end
  }
}
