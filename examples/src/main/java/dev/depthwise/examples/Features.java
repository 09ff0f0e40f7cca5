package dev.depthwise.examples;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engines;
import dev.depthwise.engine.Executable;
import dev.depthwise.network.Network;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.Preprocessor;
import java.nio.FloatBuffer;
import java.util.List;

/** Reads what an inner layer makes of a picture. */
public final class Features {
  private Features() {}

  /**
   * The features of a picture.
   *
   * @param layer a node, a tap or an output of the network: "layer3"
   */
  public static Tensor features(Network network, Picture picture, String layer) {
    // @start region="features"
    CompileOptions options = CompileOptions.batch(1).withOutputs(List.of(layer));
    try (Executable executable = Engines.best().compile(network.model(), options)) {
      float[] pixels = new Preprocessor(network.preprocessing()).apply(picture);
      executable.run(FloatBuffer.wrap(pixels), 1);
      Shape shape = network.model().graph().value(layer).shape(); // such as 64x7x7
      float[] features = new float[shape.size()];
      executable.output(layer).get(features);
      return Tensor.of(shape, features);
    }
    // @end
  }
}
