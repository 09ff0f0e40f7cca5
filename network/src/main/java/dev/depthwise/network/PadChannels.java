package dev.depthwise.network;

import java.util.List;

/**
 * Channels of zeros behind the others: the shortcut without parameters (He et al. 2015, Section
 * 3.3, option A).
 *
 * @param count how many; at least 1
 */
public record PadChannels(int count) implements Op {
  public PadChannels {
    if (count < 1) {
      throw new IllegalArgumentException("the count must be at least 1, was " + count);
    }
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape input = Op.onlyPicture(inputs);
    return input.withChannels(input.channels() + count);
  }
}
