package dev.depthwise.examples;

import dev.depthwise.inference.FeatureExtractor;
import dev.depthwise.network.Network;
import dev.depthwise.network.Tensor;
import java.nio.file.Path;
import java.util.List;

/** Reads what inner layers make of a picture. */
public final class LayerFeatures {
  private LayerFeatures() {}

  /** What two layers make of a photo. */
  public static List<Tensor> features(Network network, Path photo) {
    // @start region="features"
    try (FeatureExtractor extractor = FeatureExtractor.of(network, "layer3", "avgpool")) {
      var features = extractor.extract(photo);
      Tensor maps = features.tensor("layer3"); // such as 64x7x7
      Tensor vector = features.tensor("avgpool"); // such as 64
      return List.of(maps, vector);
    }
    // @end
  }
}
