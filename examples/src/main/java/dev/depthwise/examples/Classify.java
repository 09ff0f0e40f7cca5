package dev.depthwise.examples;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engines;
import dev.depthwise.engine.Executable;
import dev.depthwise.network.Network;
import dev.depthwise.vision.PictureReader;
import dev.depthwise.vision.Preprocessor;
import dev.depthwise.weights.ModelDirectory;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Says what pictures show, with a model from a directory. */
public final class Classify {
  private Classify() {}

  /** The likeliest class of each picture. */
  public static List<String> classify(Path directory, List<Path> files) {
    List<String> answers = new ArrayList<>();
    // @start region="classify"
    Network network = ModelDirectory.read(directory);
    Preprocessor preprocessor = new Preprocessor(network.preprocessing());
    try (Executable executable =
        Engines.best().compile(network.model().withSoftmax(), CompileOptions.batch(1))) {
      for (Path file : files) {
        executable.run(FloatBuffer.wrap(preprocessor.apply(PictureReader.read(file))), 1);
        FloatBuffer probabilities = executable.output();
        int best = 0;
        for (int i = 1; i < probabilities.remaining(); i++) {
          best = probabilities.get(i) > probabilities.get(best) ? i : best;
        }
        answers.add("%s %.2f".formatted(network.label(best), probabilities.get(best)));
      }
    }
    // @end
    return answers;
  }
}
