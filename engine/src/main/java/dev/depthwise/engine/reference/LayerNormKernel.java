package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.LayerNorm;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import java.util.Objects;

/** Its workspace keeps each place's mean, then its inverse deviation. */
final class LayerNormKernel implements Kernel {
  @Override
  public int workspaceSize(Forward step, int batch) {
    return 2 * batch * places(step);
  }

  private static int places(Forward step) {
    return step.output().shape().height() * step.output().shape().width();
  }

  @Override
  public void forward(Forward step, Memory memory) {
    LayerNorm norm = (LayerNorm) step.op();
    Shape shape = step.output().shape();
    int channels = shape.channels();
    int places = places(step);
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    double[] scale = memory.parameter(step, Role.SCALE);
    double[] shift = memory.parameter(step, Role.SHIFT);
    Slot workspace = step.workspace();
    double[] used =
        workspace == null ? new double[2 * memory.count() * places] : memory.get(workspace);
    for (int place = 0; place < memory.count() * places; place++) {
      int first = first(place, channels, places);
      double sum = 0;
      for (int channel = 0; channel < channels; channel++) {
        sum += input[first + channel * places];
      }
      double mean = sum / channels;
      double squares = 0;
      for (int channel = 0; channel < channels; channel++) {
        double deviation = input[first + channel * places] - mean;
        squares += deviation * deviation;
      }
      double inverseDeviation = 1 / Math.sqrt(squares / channels + norm.epsilon());
      for (int channel = 0; channel < channels; channel++) {
        int index = first + channel * places;
        output[index] = (input[index] - mean) * inverseDeviation * scale[channel] + shift[channel];
      }
      used[2 * place] = mean;
      used[2 * place + 1] = inverseDeviation;
    }
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    Forward forward = step.forward();
    int channels = forward.output().shape().channels();
    int places = places(forward);
    double[] input = memory.get(forward.inputs().get(0));
    double[] used = memory.get(Objects.requireNonNull(forward.workspace()));
    double[] scale = memory.parameter(step, Role.SCALE);
    double[] scaleGradient =
        step.parameterGradients().contains(Role.SCALE)
            ? memory.gradient(step, Role.SCALE)
            : new double[channels];
    double[] shiftGradient =
        step.parameterGradients().contains(Role.SHIFT)
            ? memory.gradient(step, Role.SHIFT)
            : new double[channels];
    Slot slot = step.inputGradient();
    for (int place = 0; place < memory.count() * places; place++) {
      int first = first(place, channels, places);
      double mean = used[2 * place];
      double inverseDeviation = used[2 * place + 1];
      double sum = 0;
      double product = 0;
      for (int channel = 0; channel < channels; channel++) {
        int index = first + channel * places;
        double normalised = (input[index] - mean) * inverseDeviation;
        shiftGradient[channel] += outputGradient[index];
        scaleGradient[channel] += outputGradient[index] * normalised;
        sum += outputGradient[index] * scale[channel];
        product += outputGradient[index] * scale[channel] * normalised;
      }
      if (slot == null) {
        continue;
      }
      double[] inputGradient = memory.get(slot);
      for (int channel = 0; channel < channels; channel++) {
        int index = first + channel * places;
        double normalised = (input[index] - mean) * inverseDeviation;
        inputGradient[index] =
            inverseDeviation
                * (outputGradient[index] * scale[channel]
                    - sum / channels
                    - normalised * product / channels);
      }
    }
  }

  /** The first channel's element at a place, counted over all pictures. */
  private static int first(int place, int channels, int places) {
    return place / places * channels * places + place % places;
  }
}
