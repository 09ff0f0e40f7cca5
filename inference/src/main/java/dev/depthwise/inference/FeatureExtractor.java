package dev.depthwise.inference;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Engines;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Network;
import dev.depthwise.network.Shape;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.PictureReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network, compiled to say what its inner layers make of pictures: any value of its graph,
 * several at once. Pictures are prepared as the network's preprocessing asks; what none of the
 * values needs is not computed.
 *
 * <p>Shared by any number of threads: each reads and prepares its own pictures; a thread of its own
 * computes, one caller's pictures at a time. A run uses all processors already, so a second one
 * beside it would not be faster, but hold its weights a second time. It owns native memory and that
 * thread until {@link #close}.
 */
public final class FeatureExtractor implements AutoCloseable {
  private final Map<String, Shape> shapes;
  private final Runner runner;

  private FeatureExtractor(
      Network network, List<String> values, Engine engine, CompileOptions options) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("needs the name of at least one value");
    }
    Graph graph = network.model().graph();
    Map<String, Shape> found = new LinkedHashMap<>();
    values.forEach(value -> found.put(value, graph.value(value).shape()));
    shapes = Collections.unmodifiableMap(found);
    runner =
        new Runner(
            network.model(),
            network.preprocessing(),
            engine,
            options.withOutputs(List.copyOf(shapes.keySet())));
  }

  /**
   * Compiles a network for the fastest engine on the class path, for one picture at a time on all
   * processors. Takes up to some seconds.
   *
   * @param values what to extract: names of layers, taps or outputs (see {@link Graph#value})
   * @throws dev.depthwise.network.InputException if the network has no value of such a name
   */
  public static FeatureExtractor of(Network network, String... values) {
    return of(network, List.of(values), Engines.best(), CompileOptions.batch(1));
  }

  /**
   * Compiles a network.
   *
   * @param values what to extract: names of layers, taps or outputs (see {@link Graph#value})
   * @param options the most pictures of one run, and how many processors it may use; the values
   *     take the place of their outputs
   * @throws dev.depthwise.network.InputException if the network has no value of such a name
   */
  public static FeatureExtractor of(
      Network network, List<String> values, Engine engine, CompileOptions options) {
    return new FeatureExtractor(network, values, engine, options);
  }

  /** The shape of each value for one picture, in the order in which they were named. */
  public Map<String, Shape> shapes() {
    return shapes;
  }

  /**
   * The values of a picture in a file.
   *
   * @throws dev.depthwise.network.InputException if the file cannot be read or is no whole picture
   */
  public Features extract(Path file) {
    return extract(PictureReader.read(file));
  }

  /**
   * The values of a picture.
   *
   * @param picture of any size
   */
  public Features extract(Picture picture) {
    return extract(List.of(picture)).get(0);
  }

  /**
   * The values of each picture; as many pictures are computed at once as the options allow.
   *
   * @param pictures of any size
   */
  public List<Features> extract(List<Picture> pictures) {
    List<Features> extracted = new ArrayList<>();
    runner.run(pictures, extracted::add);
    return extracted;
  }

  /** Waits for what is being computed, then frees all it holds. */
  @Override
  public void close() {
    runner.close();
  }
}
