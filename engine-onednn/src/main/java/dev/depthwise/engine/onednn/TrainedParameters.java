package dev.depthwise.engine.onednn;

import dev.depthwise.engine.Checks;
import dev.depthwise.engine.UpdateRule;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a training, as files have them, with their gradients and moments. Primitives
 * that want another layout get it packed right before they run: it changes at every step anyway.
 */
final class TrainedParameters implements Parameters {
  /** Elements that are updated at a time: all arrays of a piece stay in the first-level cache. */
  private static final int PIECE = 1024;

  private final Natives natives;
  private final Map<Weights.Key, Entry> entries = new LinkedHashMap<>();
  private boolean accumulating;

  private static final class Entry {
    final Shape shape;
    final BytePointer at;
    final FloatBuffer values;
    final @Nullable BytePointer gradientAt;
    final @Nullable FloatBuffer gradient;
    @Nullable FloatBuffer accumulated;
    List<FloatBuffer> moments = List.of();

    Entry(Shape shape, boolean trained, Natives natives) {
      this.shape = shape;
      long bytes = (long) shape.size() * Float.BYTES;
      at = natives.allocate(bytes);
      values = Natives.floats(at, shape.size());
      gradientAt = trained ? natives.allocate(bytes) : null;
      gradient = gradientAt == null ? null : Natives.floats(gradientAt, shape.size());
    }
  }

  TrainedParameters(Graph graph, Predicate<Weights.Key> trained, Natives natives) {
    this.natives = natives;
    graph
        .parameters()
        .forEach(
            (key, shape) ->
                entries.put(
                    key, new Entry(shape, key.role().isLearned() && trained.test(key), natives)));
  }

  private Entry entry(Weights.Key key) {
    return Objects.requireNonNull(entries.get(key));
  }

  /** The parameters that have a gradient. */
  private Map<Weights.Key, Entry> trained() {
    Map<Weights.Key, Entry> trained = new LinkedHashMap<>(entries);
    trained.values().removeIf(entry -> entry.gradient == null);
    return trained;
  }

  FloatBuffer values(Weights.Key key) {
    return entry(key).values;
  }

  @Override
  public dnnl_memory packed(
      Emitter emitter, Weights.Key key, dnnl_memory_desc plain, dnnl_memory_desc wanted) {
    dnnl_memory values = emitter.natives().memory(plain, entry(key).at);
    if (Natives.same(plain, wanted)) {
      return values;
    }
    dnnl_memory packed = emitter.temporary(wanted);
    emitter.reorder("pack", plain, values, wanted, packed);
    return packed;
  }

  dnnl_memory gradient(Weights.Key key, dnnl_memory_desc plain, Natives owner) {
    return owner.memory(plain, Objects.requireNonNull(entry(key).gradientAt));
  }

  Tensor gradient(Weights.Key key) {
    Entry entry = Checks.trained(key, trained());
    return copy(entry.shape, Objects.requireNonNull(entry.gradient));
  }

  /** Sets the gradients aside. */
  void accumulate() {
    for (Entry entry : trained().values()) {
      FloatBuffer gradient = Objects.requireNonNull(entry.gradient);
      FloatBuffer accumulated = entry.accumulated;
      if (accumulated == null) {
        accumulated = zeros(entry.shape, 1).get(0);
        entry.accumulated = accumulated;
      }
      accumulated.put(0, gradient, 0, entry.shape.size());
    }
    accumulating = true;
  }

  /** Adds to the gradients what was set aside. */
  void addAccumulated() {
    if (!accumulating) {
      return;
    }
    float[] sum = new float[PIECE];
    float[] piece = new float[PIECE];
    for (Entry entry : trained().values()) {
      FloatBuffer gradient = Objects.requireNonNull(entry.gradient);
      FloatBuffer accumulated = Objects.requireNonNull(entry.accumulated);
      int size = entry.shape.size();
      for (int from = 0; from < size; from += PIECE) {
        int count = Math.min(PIECE, size - from);
        accumulated.get(from, sum, 0, count);
        gradient.get(from, piece, 0, count);
        for (int index = 0; index < count; index++) {
          sum[index] += piece[index];
        }
        gradient.put(from, sum, 0, count);
      }
    }
  }

  double gradientNorm() {
    double squares = 0;
    float[] piece = new float[PIECE];
    for (Entry entry : trained().values()) {
      FloatBuffer gradient = Objects.requireNonNull(entry.gradient);
      int size = entry.shape.size();
      for (int from = 0; from < size; from += PIECE) {
        int count = Math.min(PIECE, size - from);
        gradient.get(from, piece, 0, count);
        for (int index = 0; index < count; index++) {
          squares += (double) piece[index] * piece[index];
        }
      }
    }
    return Math.sqrt(squares);
  }

  void update(UpdateRule rule) {
    accumulating = false;
    double[] values = new double[PIECE];
    double[] gradients = new double[PIECE];
    double[][] moments = new double[rule.moments()][PIECE];
    float[] piece = new float[PIECE];
    trained()
        .forEach(
            (key, entry) -> {
              FloatBuffer gradient = Objects.requireNonNull(entry.gradient);
              if (entry.moments.isEmpty()) {
                entry.moments = zeros(entry.shape, rule.moments());
              }
              Checks.momentCount(rule, entry.moments.size());
              int size = entry.shape.size();
              for (int from = 0; from < size; from += PIECE) {
                int count = Math.min(PIECE, size - from);
                read(entry.values, from, count, piece, values);
                read(gradient, from, count, piece, gradients);
                for (int moment = 0; moment < moments.length; moment++) {
                  read(entry.moments.get(moment), from, count, piece, moments[moment]);
                }
                rule.update(key, values, gradients, moments, count);
                write(entry.values, from, count, piece, values);
                for (int moment = 0; moment < moments.length; moment++) {
                  write(entry.moments.get(moment), from, count, piece, moments[moment]);
                }
              }
            });
  }

  private List<FloatBuffer> zeros(Shape shape, int count) {
    List<FloatBuffer> zeros = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      BytePointer at = natives.allocate((long) shape.size() * Float.BYTES);
      zeros.add(Natives.floats(at, shape.size()));
    }
    return zeros;
  }

  private static void read(FloatBuffer from, int at, int count, float[] piece, double[] to) {
    from.get(at, piece, 0, count);
    for (int index = 0; index < count; index++) {
      to[index] = piece[index];
    }
  }

  private static void write(FloatBuffer to, int at, int count, float[] piece, double[] from) {
    for (int index = 0; index < count; index++) {
      piece[index] = (float) from[index];
    }
    to.put(at, piece, 0, count);
  }

  Weights weights() {
    Map<Weights.Key, Tensor> tensors = new LinkedHashMap<>();
    entries.forEach((key, entry) -> tensors.put(key, copy(entry.shape, entry.values)));
    return new Weights(tensors);
  }

  void load(Weights weights) {
    entries.forEach(
        (key, entry) -> {
          FloatBuffer values = weights.get(key).values();
          entry.values.put(0, values, 0, entry.shape.size());
        });
  }

  Map<Weights.Key, List<Tensor>> moments() {
    Map<Weights.Key, List<Tensor>> all = new LinkedHashMap<>();
    entries.forEach(
        (key, entry) -> {
          if (!entry.moments.isEmpty()) {
            all.put(key, entry.moments.stream().map(moment -> copy(entry.shape, moment)).toList());
          }
        });
    return all;
  }

  void loadMoments(Map<Weights.Key, List<Tensor>> all) {
    Map<Weights.Key, Entry> trained = trained();
    Map<Weights.Key, Shape> shapes = new LinkedHashMap<>();
    trained.forEach((key, entry) -> shapes.put(key, entry.shape));
    Checks.moments(all, shapes);
    trained.forEach(
        (key, entry) -> {
          List<Tensor> moments = all.getOrDefault(key, List.of());
          if (entry.moments.size() != moments.size()) {
            entry.moments = zeros(entry.shape, moments.size());
          }
          for (int moment = 0; moment < moments.size(); moment++) {
            FloatBuffer values = moments.get(moment).values();
            entry.moments.get(moment).put(0, values, 0, entry.shape.size());
          }
        });
  }

  private static Tensor copy(Shape shape, FloatBuffer values) {
    float[] copy = new float[shape.size()];
    values.get(0, copy);
    return Tensor.of(shape, copy);
  }
}
