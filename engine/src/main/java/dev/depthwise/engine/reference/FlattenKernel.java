package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.network.Flatten;
import dev.depthwise.network.Shape;
import java.util.Objects;

/** Slots lie in NCHW order: with channels outermost, this is a copy. */
final class FlattenKernel implements Kernel {
  @Override
  public void forward(Forward step, Memory memory) {
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    for (int index = 0; index < memory.count() * step.output().shape().size(); index++) {
      output[index] = input[source(step, index)];
    }
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    double[] inputGradient = memory.get(Objects.requireNonNull(step.inputGradient()));
    for (int index = 0; index < memory.count() * step.outputGradient().shape().size(); index++) {
      inputGradient[source(step.forward(), index)] = outputGradient[index];
    }
  }

  /** Where in the pictures an element of the vectors comes from. */
  private static int source(Forward step, int index) {
    Shape picture = step.inputs().get(0).shape();
    int channels = picture.channels();
    int places = picture.height() * picture.width();
    return switch (((Flatten) step.op()).order()) {
      case CHW -> index;
      case HWC -> {
        int channel = index % channels;
        int place = index / channels % places;
        int number = index / (channels * places);
        yield (number * channels + channel) * places + place;
      }
    };
  }
}
