package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Upsample;
import java.util.Arrays;
import java.util.Objects;

final class UpsampleKernel implements Kernel {
  /**
   * Where a row or a column of the output comes from: {@code (1 - weight) * before + weight *
   * behind}.
   */
  private record Source(int before, int behind, double weight) {
    static Source of(int position, int factor, int extent, Upsample.Mode mode) {
      return switch (mode) {
        case NEAREST -> new Source(position / factor, position / factor, 0);
        case BILINEAR -> {
          double exact = (position + 0.5) / factor - 0.5;
          int before = (int) Math.floor(exact);
          yield new Source(Math.max(before, 0), Math.min(before + 1, extent - 1), exact - before);
        }
      };
    }
  }

  /** What happens where an element of the input counts towards one of the output. */
  private interface Meeting {
    void at(int output, int input, double weight);
  }

  @Override
  public void forward(Forward step, Memory memory) {
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    Arrays.fill(output, 0);
    visit(step, memory.count(), (to, from, weight) -> output[to] += weight * input[from]);
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    double[] inputGradient = memory.get(Objects.requireNonNull(step.inputGradient()));
    visit(
        step.forward(),
        memory.count(),
        (to, from, weight) -> inputGradient[from] += weight * outputGradient[to]);
  }

  private static void visit(Forward step, int count, Meeting meeting) {
    Upsample op = (Upsample) step.op();
    Shape input = step.inputs().get(0).shape();
    Shape output = step.output().shape();
    for (int row = 0; row < count * output.channels() * output.height(); row++) {
      int plane = row / output.height();
      Source rows = Source.of(row % output.height(), op.factorHeight(), input.height(), op.mode());
      int above = (plane * input.height() + rows.before) * input.width();
      int below = (plane * input.height() + rows.behind) * input.width();
      for (int column = 0; column < output.width(); column++) {
        Source columns = Source.of(column, op.factorWidth(), input.width(), op.mode());
        int to = row * output.width() + column;
        meeting.at(to, above + columns.before, (1 - rows.weight) * (1 - columns.weight));
        meeting.at(to, above + columns.behind, (1 - rows.weight) * columns.weight);
        meeting.at(to, below + columns.before, rows.weight * (1 - columns.weight));
        meeting.at(to, below + columns.behind, rows.weight * columns.weight);
      }
    }
  }
}
