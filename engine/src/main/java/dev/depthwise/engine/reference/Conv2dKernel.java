package dev.depthwise.engine.reference;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Window;
import java.util.Arrays;

/**
 * A convolution as a sum over rows: one element of the kernel meets a row of the input and a row of
 * the output. Which meet is written down once ({@link #walk}); forward and both derivatives only
 * differ in which of the three they add to.
 */
final class Conv2dKernel implements Kernel {
  /** What happens where an element of the kernel meets a row. */
  private interface Meeting {
    /**
     * Adds to one of the three.
     *
     * @param kernel position of the element
     * @param input position of the row's first element that is met; the next is a stride further
     * @param output position of the row's first element that is met; the next is beside it
     * @param length how many elements of the rows meet
     */
    void at(int kernel, int input, int output, int length);
  }

  @Override
  public void forward(Forward step, Memory memory) {
    double[] input = memory.get(step.inputs().get(0));
    double[] output = memory.get(step.output());
    double[] kernel = memory.parameter(step, Role.KERNEL);
    Conv2d conv = (Conv2d) step.op();
    fillWithBias(step, memory, conv, output);
    int stride = conv.window().strideWidth();
    walk(
        step,
        memory.count(),
        (kernelIndex, inputIndex, outputIndex, length) -> {
          double factor = kernel[kernelIndex];
          for (int index = 0; index < length; index++) {
            output[outputIndex + index] += factor * input[inputIndex + index * stride];
          }
        });
  }

  private static void fillWithBias(Forward step, Memory memory, Conv2d conv, double[] output) {
    int plane = step.output().shape().height() * step.output().shape().width();
    double[] bias = conv.bias() ? memory.parameter(step, Role.BIAS) : new double[conv.filters()];
    for (int channel = 0; channel < memory.count() * conv.filters(); channel++) {
      Arrays.fill(output, channel * plane, (channel + 1) * plane, bias[channel % conv.filters()]);
    }
  }

  @Override
  public void backward(Backward step, double[] outputGradient, Memory memory) {
    Forward forward = step.forward();
    Conv2d conv = (Conv2d) step.op();
    int stride = conv.window().strideWidth();
    Slot slot = step.inputGradient();
    if (slot != null) {
      double[] kernel = memory.parameter(step, Role.KERNEL);
      double[] inputGradient = memory.get(slot);
      walk(
          forward,
          memory.count(),
          (kernelIndex, inputIndex, outputIndex, length) -> {
            double factor = kernel[kernelIndex];
            for (int index = 0; index < length; index++) {
              inputGradient[inputIndex + index * stride] +=
                  factor * outputGradient[outputIndex + index];
            }
          });
    }
    if (step.parameterGradients().contains(Role.KERNEL)) {
      double[] input = memory.get(forward.inputs().get(0));
      double[] kernelGradient = memory.gradient(step, Role.KERNEL);
      walk(
          forward,
          memory.count(),
          (kernelIndex, inputIndex, outputIndex, length) -> {
            double sum = 0;
            for (int index = 0; index < length; index++) {
              sum += input[inputIndex + index * stride] * outputGradient[outputIndex + index];
            }
            kernelGradient[kernelIndex] += sum;
          });
    }
    if (step.parameterGradients().contains(Role.BIAS)) {
      double[] biasGradient = memory.gradient(step, Role.BIAS);
      int plane = forward.output().shape().height() * forward.output().shape().width();
      for (int index = 0; index < memory.count() * conv.filters() * plane; index++) {
        biasGradient[index / plane % conv.filters()] += outputGradient[index];
      }
    }
  }

  private static void walk(Forward step, int count, Meeting meeting) {
    Conv2d conv = (Conv2d) step.op();
    Window window = conv.window();
    Shape input = step.inputs().get(0).shape();
    Shape output = step.output().shape();
    int channels = input.channels() / conv.groups();
    int filters = conv.filters() / conv.groups();
    for (int picture = 0; picture < count; picture++) {
      for (int filter = 0; filter < conv.filters(); filter++) {
        int outputPlane = (picture * conv.filters() + filter) * output.height() * output.width();
        for (int channel = 0; channel < channels; channel++) {
          int from = filter / filters * channels + channel;
          walk(
              window,
              input,
              output,
              (filter * channels + channel) * window.kernelHeight() * window.kernelWidth(),
              (picture * input.channels() + from) * input.height() * input.width(),
              outputPlane,
              meeting);
        }
      }
    }
  }

  /** Walks one plane of the input, one of the output, and one of the kernel. */
  private static void walk(
      Window window,
      Shape input,
      Shape output,
      int kernelPlane,
      int inputPlane,
      int outputPlane,
      Meeting meeting) {
    for (int kernelColumn = 0; kernelColumn < window.kernelWidth(); kernelColumn++) {
      // The column of the input that the first column of the output meets; it may be padding.
      int shift = kernelColumn * window.dilationWidth() - window.left();
      int first = shift >= 0 ? 0 : (-shift + window.strideWidth() - 1) / window.strideWidth();
      int behind =
          Math.min(
              output.width(), Math.floorDiv(input.width() - 1 - shift, window.strideWidth()) + 1);
      if (first >= behind) {
        continue;
      }
      int inputColumn = first * window.strideWidth() + shift;
      for (int kernelRow = 0; kernelRow < window.kernelHeight(); kernelRow++) {
        for (int row = 0; row < output.height(); row++) {
          int inputRow =
              row * window.strideHeight() - window.top() + kernelRow * window.dilationHeight();
          if (inputRow >= 0 && inputRow < input.height()) {
            meeting.at(
                kernelPlane + kernelRow * window.kernelWidth() + kernelColumn,
                inputPlane + inputRow * input.width() + inputColumn,
                outputPlane + row * output.width() + first,
                behind - first);
          }
        }
      }
    }
  }
}
