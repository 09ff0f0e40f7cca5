package dev.depthwise.examples;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engines;
import dev.depthwise.engine.Executable;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.weights.WeightFiles;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Zoo;
import java.nio.FloatBuffer;
import java.nio.file.Path;

/** Builds an architecture, loads weights into it, and runs a batch. */
public final class LoadWeights {
  private LoadWeights() {}

  /**
   * The logits of pictures, 1000 for each.
   *
   * @param pictures normalised, {@code count} times 3x224x224
   */
  public static float[] run(Path file, FloatBuffer pictures, int count) {
    // @start region="load-weights"
    Graph graph = Zoo.find("resnet18").graph(Options.defaults());
    Model model = new Model(graph, WeightFiles.read(file, graph));
    try (Executable executable = Engines.best().compile(model, CompileOptions.batch(8))) {
      executable.run(pictures, count); // at most 8 at a time
      float[] logits = new float[count * 1000];
      executable.output().get(logits);
      return logits;
    }
    // @end
  }
}
