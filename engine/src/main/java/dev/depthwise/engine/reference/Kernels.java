package dev.depthwise.engine.reference;

import dev.depthwise.network.Activation;
import dev.depthwise.network.Add;
import dev.depthwise.network.AveragePool;
import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Concat;
import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Crop;
import dev.depthwise.network.Dense;
import dev.depthwise.network.Dropout;
import dev.depthwise.network.Flatten;
import dev.depthwise.network.GlobalAveragePool;
import dev.depthwise.network.LayerNorm;
import dev.depthwise.network.LayerScale;
import dev.depthwise.network.LocalResponseNorm;
import dev.depthwise.network.MaxPool;
import dev.depthwise.network.Multiply;
import dev.depthwise.network.Op;
import dev.depthwise.network.PRelu;
import dev.depthwise.network.PadChannels;
import dev.depthwise.network.Relu;
import dev.depthwise.network.Scale;
import dev.depthwise.network.Softmax;
import dev.depthwise.network.Standardization;
import dev.depthwise.network.StochasticDepth;
import dev.depthwise.network.Subsample;
import dev.depthwise.network.Upsample;
import dev.depthwise.network.ZeroPad;
import java.util.Map;
import java.util.Objects;

/** The kernels that the reference engine has. */
final class Kernels {
  /** The kernel of each operation; the input has none. */
  static final Map<Class<? extends Op>, Kernel> ALL =
      Map.ofEntries(
          Map.entry(Activation.class, new ActivationKernel()),
          Map.entry(Add.class, new AddKernel()),
          Map.entry(AveragePool.class, new AveragePoolKernel()),
          Map.entry(BatchNorm.class, new BatchNormKernel()),
          Map.entry(Concat.class, new ConcatKernel()),
          Map.entry(Conv2d.class, new Conv2dKernel()),
          Map.entry(Crop.class, new CropKernel()),
          Map.entry(Dense.class, new DenseKernel()),
          Map.entry(Dropout.class, new DropoutKernel()),
          Map.entry(Flatten.class, new FlattenKernel()),
          Map.entry(GlobalAveragePool.class, new GlobalAveragePoolKernel()),
          Map.entry(LayerNorm.class, new LayerNormKernel()),
          Map.entry(LayerScale.class, new LayerScaleKernel()),
          Map.entry(LocalResponseNorm.class, new LocalResponseNormKernel()),
          Map.entry(MaxPool.class, new MaxPoolKernel()),
          Map.entry(Multiply.class, new MultiplyKernel()),
          Map.entry(PRelu.class, new PReluKernel()),
          Map.entry(PadChannels.class, new PadChannelsKernel()),
          Map.entry(Relu.class, new ReluKernel()),
          Map.entry(Scale.class, new ScaleKernel()),
          Map.entry(Softmax.class, new SoftmaxKernel()),
          Map.entry(Standardization.class, new StandardizationKernel()),
          Map.entry(StochasticDepth.class, new StochasticDepthKernel()),
          Map.entry(Subsample.class, new SubsampleKernel()),
          Map.entry(Upsample.class, new UpsampleKernel()),
          Map.entry(ZeroPad.class, new ZeroPadKernel()));

  /** The kernel of an operation. */
  static Kernel of(Op op) {
    return Objects.requireNonNull(ALL.get(op.getClass()), op::toString);
  }

  private Kernels() {}
}
