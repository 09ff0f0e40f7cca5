package dev.depthwise.engine.reference;

import dev.depthwise.engine.Forward;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;

/** The places of a pooling window, and the part of the picture that each of them sees. */
final class Places {
  private Places() {}

  /** What happens at each place. */
  interface Visitor {
    /**
     * Looks at a place.
     *
     * @param output its position in the output
     * @param inputs positions in the input, row by row; padding is left out
     * @param seen how many of them are used
     */
    void at(int output, int[] inputs, int seen);
  }

  /** Visits all places of all channels and pictures. */
  static void visit(Forward step, Window window, int count, Visitor visitor) {
    Shape input = step.inputs().get(0).shape();
    Shape output = step.output().shape();
    int[] inputs = new int[window.kernelHeight() * window.kernelWidth()];
    for (int plane = 0; plane < count * input.channels(); plane++) {
      for (int row = 0; row < output.height(); row++) {
        for (int column = 0; column < output.width(); column++) {
          int seen = 0;
          for (int kernelRow = 0; kernelRow < window.kernelHeight(); kernelRow++) {
            int y =
                row * window.strideHeight() - window.top() + kernelRow * window.dilationHeight();
            for (int kernelColumn = 0; kernelColumn < window.kernelWidth(); kernelColumn++) {
              int x =
                  column * window.strideWidth()
                      - window.left()
                      + kernelColumn * window.dilationWidth();
              if (y >= 0 && y < input.height() && x >= 0 && x < input.width()) {
                inputs[seen++] = (plane * input.height() + y) * input.width() + x;
              }
            }
          }
          visitor.at((plane * output.height() + row) * output.width() + column, inputs, seen);
        }
      }
    }
  }
}
