package dev.depthwise.cli;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Executable;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.Preprocessor;
import dev.depthwise.weights.StoredModel;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A stored model, compiled to classify pictures one by one. */
final class Classifier implements AutoCloseable {
  private final Executable executable;
  private final Preprocessor preprocessor;
  private final List<String> labels;
  private final String output;

  /** Compiles a model. */
  Classifier(StoredModel stored, Engine engine, int threads) {
    Graph graph = stored.model().graph().withSoftmax();
    executable =
        engine.compile(
            new Model(graph, stored.model().weights()),
            CompileOptions.batch(1).withThreads(threads));
    preprocessor = new Preprocessor(stored.preprocessing());
    labels = stored.labels();
    output = graph.outputs().keySet().iterator().next();
  }

  /**
   * What a picture may be.
   *
   * @param label the class
   * @param probability in [0, 1]
   */
  record Guess(String label, double probability) {}

  /** The likeliest classes of a picture, the first first. */
  List<Guess> classify(Picture picture, int top) {
    executable.run(FloatBuffer.wrap(preprocessor.apply(picture)), 1);
    FloatBuffer probabilities = executable.output(output);
    List<Guess> guesses = new ArrayList<>();
    for (int index = 0; index < probabilities.remaining(); index++) {
      String label = labels.isEmpty() ? "class " + index : labels.get(index);
      guesses.add(new Guess(label, probabilities.get(probabilities.position() + index)));
    }
    guesses.sort(Comparator.comparingDouble(Guess::probability).reversed());
    return List.copyOf(guesses.subList(0, Math.min(top, guesses.size())));
  }

  @Override
  public void close() {
    executable.close();
  }
}
