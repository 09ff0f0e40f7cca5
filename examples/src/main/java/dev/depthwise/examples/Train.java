package dev.depthwise.examples;

import dev.depthwise.engine.Engines;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Network;
import dev.depthwise.network.Shape;
import dev.depthwise.training.EpochReport;
import dev.depthwise.training.Initialization;
import dev.depthwise.training.Recipe;
import dev.depthwise.training.RunOutput;
import dev.depthwise.training.Trainer;
import dev.depthwise.training.TrainingListener;
import dev.depthwise.training.TrainingResult;
import dev.depthwise.training.TrainingRun;
import dev.depthwise.vision.Data;
import dev.depthwise.vision.Split;
import dev.depthwise.vision.Statistics;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Zoo;
import java.nio.file.Path;
import java.util.List;

/** Trains a network on a folder of pictures. */
public final class Train {
  private Train() {}

  /** Trains for some epochs, telling each. */
  public static Network train(Path folder, Path out, int epochs, List<String> log) {
    // @start region="train"
    Data data = Data.open("folder:" + folder); // one sub-folder for each class
    Split split = Split.stratified(data.train(), 0.2, 0);
    Graph graph =
        Zoo.find("resnet20")
            .graph(
                Options.defaults()
                    .withInput(Shape.of(3, 32, 32))
                    .withClasses(data.train().labels().size()));
    Network network =
        Network.of(
            Initialization.initialize(graph, 0),
            Statistics.of(split.train(), 3).preprocessing(32, 32));
    TrainingRun run =
        TrainingRun.of(network, split.train(), Recipe.standard(epochs), Engines.best())
            .withValidation(split.validation())
            .withOutput(RunOutput.of(out));
    TrainingResult result =
        Trainer.fit(
            run,
            new TrainingListener() {
              @Override
              public void onEpoch(EpochReport report) {
                log.add("epoch %d: loss %.3f".formatted(report.epoch(), report.trainingLoss()));
              }
            });
    // @end
    return result.network();
  }
}
