package dev.depthwise.cli;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Executable;
import dev.depthwise.network.Network;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.Preprocessor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A network, compiled to classify pictures one by one. */
final class Classifier implements AutoCloseable {
  private final Network network;
  private final Executable executable;
  private final Preprocessor preprocessor;

  /** Compiles a model. */
  Classifier(Network network, Engine engine, int threads) {
    executable =
        engine.compile(network.model().withSoftmax(), CompileOptions.batch(1).withThreads(threads));
    this.network = network;
    preprocessor = new Preprocessor(network.preprocessing());
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
    FloatBuffer probabilities = executable.output();
    List<Guess> guesses = new ArrayList<>();
    for (int index = 0; index < probabilities.remaining(); index++) {
      guesses.add(
          new Guess(network.label(index), probabilities.get(probabilities.position() + index)));
    }
    guesses.sort(Comparator.comparingDouble(Guess::probability).reversed());
    return List.copyOf(guesses.subList(0, Math.min(top, guesses.size())));
  }

  @Override
  public void close() {
    executable.close();
  }
}
