package dev.depthwise.network;

import java.util.List;

/** Pictures of one height and width, stacked along their channels. */
public record Concat() implements Op {
  @Override
  public Shape infer(List<Shape> inputs) {
    if (inputs.size() < 2) {
      throw new IllegalArgumentException("concat needs two inputs or more, got " + inputs.size());
    }
    Shape first = inputs.get(0);
    int channels = 0;
    for (Shape shape : inputs) {
      if (!shape.isPicture()
          || shape.height() != first.height()
          || shape.width() != first.width()) {
        throw new IllegalArgumentException(
            "concat needs pictures of one height and width, got " + inputs);
      }
      channels += shape.channels();
    }
    return first.withChannels(channels);
  }
}
