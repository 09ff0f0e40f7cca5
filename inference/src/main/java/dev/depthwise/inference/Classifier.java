package dev.depthwise.inference;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Engines;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Network;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.PictureReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A network, compiled to say what pictures show. Pictures are prepared as the network's
 * preprocessing asks.
 *
 * <p>Shared by any number of threads: each reads and prepares its own pictures, then one at a time
 * is computed, on all processors (see {@link FeatureExtractor}). It owns native memory and a thread
 * until {@link #close}.
 */
public final class Classifier implements AutoCloseable {
  private final Network network;
  private final String output;
  private final Runner runner;

  private Classifier(Network network, Engine engine, CompileOptions options) {
    this.network = network;
    Graph graph = network.model().graph();
    output = graph.outputs().keySet().iterator().next();
    // Auxiliary heads are for training.
    runner =
        new Runner(
            network.model().withSoftmax(),
            network.preprocessing(),
            engine,
            options.withOutputs(List.of(output)));
  }

  /**
   * Compiles a network for the fastest engine on the class path, to classify one picture at a time
   * on all processors. Takes up to some seconds.
   *
   * @param network its principal output logits or their softmax
   */
  public static Classifier of(Network network) {
    return of(network, Engines.best(), CompileOptions.batch(1));
  }

  /**
   * Compiles a network.
   *
   * @param network its principal output logits or their softmax
   * @param options the most pictures of one run, and how many processors it may use; the network's
   *     principal output takes the place of their outputs
   */
  public static Classifier of(Network network, Engine engine, CompileOptions options) {
    return new Classifier(network, engine, options);
  }

  /**
   * The likeliest classes of a picture in a file, the first first.
   *
   * @param top how many, if there are so many; at least 1
   * @throws dev.depthwise.network.InputException if the file cannot be read or is no whole picture
   */
  public List<Guess> classify(Path file, int top) {
    return classify(PictureReader.read(file), top);
  }

  /**
   * The likeliest classes of a picture, the first first.
   *
   * @param picture of any size
   * @param top how many, if there are so many; at least 1
   */
  public List<Guess> classify(Picture picture, int top) {
    return classify(List.of(picture), top).get(0);
  }

  /**
   * The likeliest classes of each picture; as many pictures are computed at once as the options
   * allow.
   *
   * @param pictures of any size
   * @param top how many, if there are so many; at least 1
   */
  public List<List<Guess>> classify(List<Picture> pictures, int top) {
    if (top < 1) {
      throw new IllegalArgumentException("the number of classes must be positive, was " + top);
    }
    List<List<Guess>> guesses = new ArrayList<>();
    runner.run(pictures, features -> guesses.add(guesses(features.tensor().toArray(), top)));
    return guesses;
  }

  private List<Guess> guesses(float[] probabilities, int top) {
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer index) -> -probabilities[index]))
        .limit(top)
        .map(index -> new Guess(index, network.label(index), probabilities[index]))
        .toList();
  }

  /** Waits for what is being computed, then frees all it holds. */
  @Override
  public void close() {
    runner.close();
  }
}
