package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import java.util.Arrays;
import java.util.Objects;

/**
 * Its workspace keeps what it normalised with: each channel's mean, then the inverse deviations.
 */
final class BatchNormKernel implements Kernel {
  @Override
  public int workspaceSize(Forward step, int batch) {
    return 2 * step.output().shape().channels();
  }

  @Override
  public void forward(Forward step, Memory memory) {
    BatchNorm norm = (BatchNorm) step.op();
    Shape picture = step.output().shape();
    int channels = picture.channels();
    int plane = picture.height() * picture.width();
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    double[] scale = scale(norm, step.name(), channels, memory);
    double[] shift = memory.parameter(step, Role.SHIFT);
    Slot workspace = step.workspace();
    double[] used = workspace == null ? new double[2 * channels] : memory.get(workspace);
    for (int channel = 0; channel < channels; channel++) {
      if (step.training()) {
        measure(step, norm, channel, input, memory, used);
      } else {
        used[channel] = memory.parameter(step, Role.MEAN)[channel];
        used[channels + channel] =
            1 / Math.sqrt(memory.parameter(step, Role.VARIANCE)[channel] + norm.epsilon());
      }
      for (int number = 0; number < memory.count(); number++) {
        int start = (number * channels + channel) * plane;
        for (int index = start; index < start + plane; index++) {
          output[index] =
              (input[index] - used[channel]) * used[channels + channel] * scale[channel]
                  + shift[channel];
        }
      }
    }
  }

  /** Takes a channel's statistics of this batch, and moves the running ones towards them. */
  private static void measure(
      Forward step, BatchNorm norm, int channel, double[] input, Memory memory, double[] used) {
    Shape picture = step.output().shape();
    int channels = picture.channels();
    int plane = picture.height() * picture.width();
    int size = memory.count() * plane;
    double sum = 0;
    for (int number = 0; number < memory.count(); number++) {
      int start = (number * channels + channel) * plane;
      for (int index = start; index < start + plane; index++) {
        sum += input[index];
      }
    }
    double mean = sum / size;
    double squares = 0;
    for (int number = 0; number < memory.count(); number++) {
      int start = (number * channels + channel) * plane;
      for (int index = start; index < start + plane; index++) {
        squares += (input[index] - mean) * (input[index] - mean);
      }
    }
    used[channel] = mean;
    used[channels + channel] = 1 / Math.sqrt(squares / size + norm.epsilon());
    if (step.repeated()) {
      return;
    }
    double[] runningMean = memory.parameter(step, Role.MEAN);
    double[] runningVariance = memory.parameter(step, Role.VARIANCE);
    // A single element has no unbiased variance; its biased one is 0.
    double unbiased = squares / Math.max(1, size - 1);
    runningMean[channel] += norm.momentum() * (mean - runningMean[channel]);
    runningVariance[channel] += norm.momentum() * (unbiased - runningVariance[channel]);
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    Forward forward = step.forward();
    Shape picture = forward.output().shape();
    int channels = picture.channels();
    int plane = picture.height() * picture.width();
    double[] input = memory.get(forward.inputs().get(0));
    double[] used = memory.get(Objects.requireNonNull(forward.workspace()));
    double[] scale = scale((BatchNorm) step.op(), step.name(), channels, memory);
    Slot slot = step.inputGradient();
    for (int channel = 0; channel < channels; channel++) {
      double mean = used[channel];
      double inverseDeviation = used[channels + channel];
      double sum = 0;
      double product = 0;
      for (int number = 0; number < memory.count(); number++) {
        int start = (number * channels + channel) * plane;
        for (int index = start; index < start + plane; index++) {
          sum += outputGradient[index];
          product += outputGradient[index] * (input[index] - mean) * inverseDeviation;
        }
      }
      if (step.parameterGradients().contains(Role.SHIFT)) {
        memory.gradient(step, Role.SHIFT)[channel] = sum;
      }
      if (step.parameterGradients().contains(Role.SCALE)) {
        memory.gradient(step, Role.SCALE)[channel] = product;
      }
      if (slot == null) {
        continue;
      }
      double[] inputGradient = memory.get(slot);
      int size = memory.count() * plane;
      // Running statistics are constants; the batch's depend on every element.
      double meanGradient = forward.training() ? sum / size : 0;
      double meanProduct = forward.training() ? product / size : 0;
      for (int number = 0; number < memory.count(); number++) {
        int start = (number * channels + channel) * plane;
        for (int index = start; index < start + plane; index++) {
          double normalised = (input[index] - mean) * inverseDeviation;
          inputGradient[index] =
              scale[channel]
                  * inverseDeviation
                  * (outputGradient[index] - meanGradient - normalised * meanProduct);
        }
      }
    }
  }

  private static double[] scale(BatchNorm norm, String name, int channels, Memory memory) {
    if (norm.scale()) {
      return memory.parameter(new Weights.Key(name, Role.SCALE));
    }
    double[] ones = new double[channels];
    Arrays.fill(ones, 1);
    return ones;
  }
}
