package dev.depthwise.training;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import dev.depthwise.vision.Dataset;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** What a run's result depends on, in words, so that a resumed run can be told from another one. */
final class RunOptions {
  private RunOptions() {}

  /** The options by name; those that a person chooses come before those that follow from them. */
  static Map<String, String> of(TrainingRun run) {
    Recipe recipe = run.recipe();
    Descent descent = recipe.descent();
    Schedule schedule = descent.schedule();
    Map<String, String> options = new LinkedHashMap<>();
    options.put("seed", Long.toString(recipe.seed()));
    options.put("epochs", Integer.toString(recipe.epochs()));
    options.put("batch", Integer.toString(recipe.batch()));
    options.put("learning rate", Double.toString(descent.learningRate()));
    options.put("schedule", schedule.curve().toString().replace("[]", ""));
    options.put("warm-up epochs", Double.toString(schedule.warmupEpochs()));
    options.put("optimizer", descent.optimizer().toString());
    options.put("batches in a step", Integer.toString(descent.accumulation()));
    options.put("largest norm of the gradients", text(descent.clipping()));
    options.put("average's decay", text(descent.averaging()));
    options.put("frozen parts", recipe.freezing().toString());
    options.put("selection", recipe.selection().toString());
    options.put("label smoothing", Double.toString(recipe.loss().smoothing()));
    options.put("class weights", recipe.loss().weights().toString());
    options.put("augmentation", recipe.augmentation().toString());
    options.put("output weights", recipe.outputWeights().toString());
    put(options, "training", run.train());
    run.validation()
        .ifPresentOrElse(
            dataset -> put(options, "validation", dataset),
            () -> options.put("validation pictures", "none"));
    options.put("preprocessing", run.network().preprocessing().toString());
    options.put("network (digest)", digest(run.network().model().graph().toString()));
    options.put("initial weights (digest)", digest(run.network().model().weights()));
    return options;
  }

  /**
   * Checks that a run goes on as it began.
   *
   * @throws InputException naming the first option that differs
   */
  static void requireSame(Path directory, Map<String, String> before, Map<String, String> now) {
    now.forEach(
        (name, value) -> {
          String old = before.get(name);
          if (!value.equals(old)) {
            throw new InputException(
                "%s holds a run with %s %s, but now it is %s; resume it with the same, or give another directory"
                    .formatted(directory, name, old, value));
          }
        });
  }

  private static String text(OptionalDouble number) {
    return number.isPresent() ? Double.toString(number.getAsDouble()) : "none";
  }

  private static void put(Map<String, String> options, String part, Dataset dataset) {
    options.put(part + " pictures", Integer.toString(dataset.size()));
    options.put("classes of the %s pictures".formatted(part), dataset.labels().toString());
    // The name may hold a path, which may change; the labels in their order tell data sets apart.
    MessageDigest digest = sha256();
    ByteBuffer label = ByteBuffer.allocate(Integer.BYTES);
    for (int index = 0; index < dataset.size(); index++) {
      digest.update(label.clear().putInt(dataset.label(index)).flip());
    }
    options.put("labels of the %s pictures (digest)".formatted(part), hex(digest));
  }

  private static String digest(String text) {
    MessageDigest digest = sha256();
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    return hex(digest);
  }

  private static String digest(Weights weights) {
    MessageDigest digest = sha256();
    ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
    for (Tensor tensor : weights.tensors().values()) {
      FloatBuffer values = tensor.values();
      while (values.hasRemaining()) {
        FloatBuffer target = bytes.clear().asFloatBuffer();
        int count = Math.min(target.remaining(), values.remaining());
        target.put(values.slice(values.position(), count));
        values.position(values.position() + count);
        digest.update(bytes.limit(count * Float.BYTES));
      }
    }
    return hex(digest);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }
}
