package dev.depthwise.interchange;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engines;
import dev.depthwise.engine.Executable;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Scale;
import dev.depthwise.network.Shape;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What Microsoft's runtime makes of a file, and what an engine makes of a model. */
final class OnnxRuntime {
  private OnnxRuntime() {}

  /**
   * The outputs of a file by name.
   *
   * @param shape of the pictures in the file, without the batch
   */
  static Map<String, float[]> run(Path file, float[] pictures, int count, long... shape) {
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    long[] extent = new long[shape.length + 1];
    extent[0] = count;
    System.arraycopy(shape, 0, extent, 1, shape.length);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.BASIC_OPT);
      try (OrtSession session = environment.createSession(file.toString(), options);
          OnnxTensor input =
              OnnxTensor.createTensor(environment, FloatBuffer.wrap(pictures), extent);
          OrtSession.Result results =
              session.run(Map.of(session.getInputNames().iterator().next(), input))) {
        Map<String, float[]> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, ai.onnxruntime.OnnxValue> result : results) {
          FloatBuffer buffer = ((OnnxTensor) result.getValue()).getFloatBuffer();
          float[] values = new float[buffer.remaining()];
          buffer.get(values);
          outputs.put(result.getKey(), values);
        }
        return outputs;
      }
    } catch (OrtException e) {
      throw new AssertionError(file + " does not run", e);
    }
  }

  /** The outputs of a model by name. */
  static Map<String, float[]> run(String engine, Model model, float[] pictures, int count) {
    try (Executable executable =
        Engines.named(engine).compile(model, CompileOptions.batch(count).withThreads(1))) {
      executable.run(FloatBuffer.wrap(pictures), count);
      Map<String, float[]> outputs = new LinkedHashMap<>();
      for (String name : executable.outputs().keySet()) {
        FloatBuffer buffer = executable.output(name);
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        outputs.put(name, values);
      }
      return outputs;
    }
  }

  /** The length of the difference, by the length of what is expected. */
  static double difference(float[] actual, float[] expected) {
    if (actual.length != expected.length) {
      throw new AssertionError(
          "%d numbers instead of %d".formatted(actual.length, expected.length));
    }
    double difference = 0;
    double length = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      length += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / Math.max(length, Double.MIN_NORMAL));
  }

  /**
   * Pictures that differ from each other: samples up to 255 for networks that rescale by
   * themselves, else numbers between -1 and 1.
   */
  static float[] pictures(int count, Graph graph) {
    boolean rescales = graph.nodes().size() > 1 && graph.nodes().get(1).op() instanceof Scale;
    float[] pictures = pictures(count, graph.input().shape());
    for (int i = 0; rescales && i < pictures.length; i++) {
      pictures[i] = 127.5f * (pictures[i] + 1);
    }
    return pictures;
  }

  /** Pictures that differ from each other. */
  static float[] pictures(int count, Shape shape) {
    float[] pictures = new float[count * shape.size()];
    java.util.Random random = new java.util.Random(7);
    for (int i = 0; i < pictures.length; i++) {
      pictures[i] = random.nextFloat() * 2 - 1;
    }
    return pictures;
  }
}
