package dev.depthwise.network;

import java.util.List;

/** The mean of each channel over the whole picture (Lin et al. 2013): a vector. */
public record GlobalAveragePool() implements Op {
  @Override
  public Shape infer(List<Shape> inputs) {
    return Shape.of(Op.onlyPicture(inputs).channels());
  }
}
