package dev.depthwise.training;

import java.nio.file.Path;

/**
 * What a run leaves on the disk.
 *
 * <pre>
 * OUT/model.json, weights.safetensors   the result: OUT is a model directory once the run is done
 * OUT/metrics.jsonl, metrics.csv        a line for each epoch
 * OUT/checkpoints/epoch-0003/           model.json, weights.safetensors: a model directory;
 *                                       optimizer.safetensors, state.json: what it takes to go on
 * </pre>
 *
 * <p>A checkpoint appears whole, by one rename. The last two stay, and the one with the best
 * validation accuracy. Names that begin with a dot are unfinished; the next run removes them.
 */
public final class RunDirectory {
  private RunDirectory() {}

  /**
   * Where the model of a directory is: the directory itself where it is a model directory, the last
   * whole checkpoint of a run that is not done, else the directory as it was given.
   */
  public static Path model(Path directory) {
    return directory;
  }
}
