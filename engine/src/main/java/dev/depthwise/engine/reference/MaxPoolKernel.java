package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.MaxPool;
import java.util.Objects;

/** Its workspace keeps which element won: the first of equals, row by row, as in PyTorch. */
final class MaxPoolKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    Slot workspace = step.workspace();
    double[] winners = workspace == null ? new double[output.length] : memory.get(workspace);
    Places.visit(
        step,
        ((MaxPool) step.op()).window(),
        memory.count(),
        (place, inputs, seen) -> {
          int winner = inputs[0];
          for (int index = 1; index < seen; index++) {
            double value = input[inputs[index]];
            if (value > input[winner] || Double.isNaN(value)) {
              winner = inputs[index];
            }
          }
          output[place] = input[winner];
          winners[place] = winner;
        });
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    double[] winners = memory.get(Objects.requireNonNull(step.forward().workspace()));
    double[] inputGradient = memory.get(Objects.requireNonNull(step.inputGradient()));
    for (int place = 0; place < memory.count() * step.outputGradient().shape().size(); place++) {
      inputGradient[(int) winners[place]] += outputGradient[place];
    }
  }
}
