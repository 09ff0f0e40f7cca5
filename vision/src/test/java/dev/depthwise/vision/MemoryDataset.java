package dev.depthwise.vision;

import dev.depthwise.network.Randomness;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** A data set computed on demand: picture by index, classes in turn. */
record MemoryDataset(int size, int classes, IntFunction<Picture> pictures) implements Dataset {
  @Override
  public String name() {
    return "memory";
  }

  @Override
  public List<String> labels() {
    return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
  }

  @Override
  public int label(int index) {
    return index % classes;
  }

  @Override
  public Picture picture(int index) {
    return pictures.apply(index);
  }

  /** Pictures of noise, each its own. */
  static MemoryDataset noise(int size, int classes, int side, int channels) {
    return new MemoryDataset(
        size,
        classes,
        index -> {
          Randomness randomness = Randomness.keyed("noise", index);
          byte[] samples = new byte[side * side * channels];
          for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) randomness.below(256);
          }
          return Picture.of(side, side, channels, samples);
        });
  }
}
