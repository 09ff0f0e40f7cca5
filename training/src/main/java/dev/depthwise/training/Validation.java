package dev.depthwise.training;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Executable;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Weights;
import dev.depthwise.vision.Dataset;
import org.jspecify.annotations.Nullable;

/** Looks at the validation pictures with the weights of the moment; compiled once. */
record Validation(TrainingRun run, @Nullable Executable executable, @Nullable Graph graph)
    implements AutoCloseable {
  static Validation of(TrainingRun run) {
    if (run.validation().isEmpty()) {
      return new Validation(run, null, null);
    }
    Model logits = Logits.model(run.network().model());
    CompileOptions options =
        CompileOptions.batch(Math.min(run.recipe().batch(), run.validation().get().size()))
            .withThreads(run.threads());
    return new Validation(run, run.engine().compile(logits, options), logits.graph());
  }

  @Nullable Scores scores(Weights weights, Evaluation.Progress progress) {
    if (executable == null || graph == null) {
      return null;
    }
    Dataset dataset = run.validation().orElseThrow();
    executable.load(Logits.weights(graph, weights));
    return Scores.of(Evaluation.of(executable, dataset, run.network().preprocessing(), progress));
  }

  @Override
  public void close() {
    if (executable != null) {
      executable.close();
    }
  }
}
