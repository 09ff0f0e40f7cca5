package dev.depthwise.cli;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Executable;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Network;
import dev.depthwise.network.Node;
import dev.depthwise.network.Softmax;
import dev.depthwise.network.Weights;
import dev.depthwise.training.Cancellation;
import dev.depthwise.training.Evaluation;
import dev.depthwise.vision.Augmentation;
import dev.depthwise.vision.Batch;
import dev.depthwise.vision.Batches;
import dev.depthwise.vision.Preprocessor;
import dev.depthwise.zoo.ImageNet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A network held against ImageNet's validation pictures.
 *
 * @param model what a person calls the network
 * @param batch pictures at a time
 * @param threads how many processors may be used; 0 for all of them
 */
record ImageNetEvaluation(
    String model,
    Network network,
    ImageNetPictures pictures,
    Engine engine,
    int batch,
    int threads) {
  private static final int MOST_PREPARING = 4;

  ImageNetEvaluation {
    if (batch < 1) {
      throw new InputException("the batch must be at least 1, was " + batch);
    }
  }

  /** All that the result depends on. Two evaluations of which it is the same say the same. */
  Map<String, String> identity() {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("model", model);
    identity.put("weights", "sha256:" + digest());
    identity.put("preprocessing", network.preprocessing().toString());
    identity.put("pictures", "%d, sha256:%s".formatted(pictures.size(), pictures.digest()));
    identity.put("engine", engine.name());
    identity.put("threads", threads == 0 ? "all" : String.valueOf(threads));
    identity.put("batch", String.valueOf(batch));
    return identity;
  }

  /** The sum of the graph, its parameters and the names of its classes. */
  private String digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(network.model().graph().toString().getBytes(StandardCharsets.UTF_8));
      digest.update(network.labels().toString().getBytes(StandardCharsets.UTF_8));
      ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
      Weights weights = network.model().weights();
      for (Weights.Key key :
          weights.keys().stream().sorted(Comparator.comparing(Weights.Key::toString)).toList()) {
        digest.update(key.toString().getBytes(StandardCharsets.UTF_8));
        FloatBuffer values = weights.get(key).values();
        while (values.hasRemaining()) {
          bytes.clear();
          int count = Math.min(bytes.capacity() / Float.BYTES, values.remaining());
          bytes.asFloatBuffer().put(values.slice(values.position(), count));
          values.position(values.position() + count);
          digest.update(bytes.limit(count * Float.BYTES));
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Which element of the output stands for each of ImageNet's classes; -1 where none does. By name
   * where the network's classes have ImageNet's names or WordNet's numbers, else by position.
   *
   * @throws InputException if the network tells other classes apart
   */
  static int[] outputs(Network network) {
    int count = network.model().graph().output().shape().size();
    List<String> labels = network.labels();
    for (List<String> names : List.of(ImageNet.labels(), ImageNet.synsets())) {
      Set<String> known = new HashSet<>(names);
      if (!labels.isEmpty() && known.containsAll(labels)) {
        return names.stream().mapToInt(labels::indexOf).toArray();
      }
    }
    if (count != ImageNet.CLASSES) {
      throw new InputException(
          "the model tells %d classes apart, which are not ImageNet's %d%s; evaluate it with folder:DIR, or another model"
              .formatted(
                  count,
                  ImageNet.CLASSES,
                  labels.isEmpty() ? "" : " (%s, ...)".formatted(labels.get(0))));
    }
    return java.util.stream.IntStream.range(0, count).toArray();
  }

  /**
   * Looks at every picture that is not done.
   *
   * @param done what an earlier run has of the same evaluation; whole batches
   * @param keep is given how far it is, after each batch
   * @param cancellation asks to stop after the batch it is at
   * @return how far it came; all pictures, unless it was asked to stop
   */
  EvaluationState run(
      EvaluationState done,
      Consumer<EvaluationState> keep,
      Cancellation cancellation,
      Evaluation.Progress progress) {
    int[] outputs = outputs(network);
    requireClasses(outputs);
    int size = pictures.size();
    // A batch larger than the data set would only be padding.
    int together = Math.min(batch, size);
    List<Scored> scores = new ArrayList<>(done.scores());
    if (scores.size() >= size) {
      return done;
    }
    if (scores.size() % together != 0) {
      throw new InputException(
          "the state of the evaluation ends within a batch, after %d pictures; --overwrite begins anew"
              .formatted(scores.size()));
    }
    Graph graph = network.model().graph();
    CompileOptions options =
        CompileOptions.batch(together).withThreads(threads).withOutputs(List.of(logits(graph)));
    Batches.Options order = Batches.Options.evaluation(together).withThreads(preparing());
    EvaluationState state = done;
    try (Executable executable = engine.compile(network.model(), options);
        Batches batches =
            new Batches(
                pictures,
                new Preprocessor(network.preprocessing()),
                Augmentation.none(),
                order,
                0,
                scores.size() / together)) {
      progress.at(scores.size(), size);
      while (batches.hasNext() && !cancellation.isRequested()) {
        Batch next = batches.next();
        executable.run(next.pixels(), next.count());
        add(scores, executable.output(), next, outputs);
        state = new EvaluationState(done.of(), scores);
        keep.accept(state);
        progress.at(scores.size(), size);
      }
    }
    return state;
  }

  private void add(List<Scored> scores, FloatBuffer logits, Batch batch, int[] outputs) {
    int classes = network.model().graph().output().shape().size();
    for (int row = 0; row < batch.count(); row++) {
      int index = batch.indices()[row];
      String fault = pictures.fault(index);
      scores.add(
          fault == null
              ? Scored.of(
                  logits,
                  logits.position() + row * classes,
                  classes,
                  outputs[pictures.label(index)],
                  pictures.title(index))
              : Scored.unreadable(fault));
    }
  }

  private void requireClasses(int[] outputs) {
    for (int index = 0; index < pictures.size(); index++) {
      int label = pictures.label(index);
      if (outputs[label] < 0) {
        throw new InputException(
            "%s shows %s (%s), which the model does not know; leave out what it does not know"
                .formatted(
                    pictures.title(index),
                    ImageNet.labels().get(label),
                    ImageNet.synsets().get(label)));
      }
    }
  }

  private static String logits(Graph graph) {
    Node last = graph.producer(graph.output());
    return last.op() instanceof Softmax
        ? graph.producer(last.inputs().get(0)).name()
        : graph.outputs().keySet().iterator().next();
  }

  private int preparing() {
    int processors = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    return Math.max(1, Math.min(MOST_PREPARING, processors));
  }
}
