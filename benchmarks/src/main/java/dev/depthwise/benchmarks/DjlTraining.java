package dev.depthwise.benchmarks;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.List;

/** The same network in PyTorch through DJL: ResNet-20 with projections (shortcut option B). */
final class DjlTraining implements Contender {
  private final Model model;
  private final Trainer trainer;
  private final NDManager manager;
  private final NDArray pictures;
  private final NDArray labels;

  DjlTraining(int batch, int size, int classes) {
    model = Model.newInstance("resnet20", "PyTorch");
    model.setBlock(network(classes));
    Optimizer sgd =
        Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.01f)).optMomentum(0.9f).build();
    trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(sgd)
                .optDevices(new Device[] {Device.cpu()}));
    manager = NDManager.newBaseManager("PyTorch");
    Shape shape = new Shape(batch, 1, size, size);
    trainer.initialize(shape);
    pictures = manager.randomNormal(0, 1, shape, DataType.FLOAT32);
    long[] right = new long[batch];
    for (int index = 0; index < batch; index++) {
      right[index] = index * 7L % classes;
    }
    labels = manager.create(right);
  }

  private static Block network(int classes) {
    SequentialBlock network = new SequentialBlock();
    network.add(convBn(16, 3, 1)).add(Activation.reluBlock());
    for (int stage = 0; stage < 3; stage++) {
      for (int unit = 0; unit < 3; unit++) {
        network.add(residual(16 << stage, stage > 0 && unit == 0 ? 2 : 1));
        network.add(Activation.reluBlock());
      }
    }
    return network
        .add(Pool.globalAvgPool2dBlock())
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(classes).build());
  }

  private static Block residual(int width, int stride) {
    SequentialBlock body =
        new SequentialBlock()
            .add(convBn(width, 3, stride))
            .add(Activation.reluBlock())
            .add(convBn(width, 3, 1));
    Block shortcut = stride == 1 ? Blocks.identityBlock() : convBn(width, 1, stride);
    return new ParallelBlock(
        parts -> new NDList(parts.get(0).head().add(parts.get(1).head())), List.of(body, shortcut));
  }

  private static Block convBn(int width, int kernel, int stride) {
    return new SequentialBlock()
        .add(
            Conv2d.builder()
                .setKernelShape(new Shape(kernel, kernel))
                .setFilters(width)
                .optStride(new Shape(stride, stride))
                .optPadding(new Shape(kernel / 2, kernel / 2))
                .optBias(false)
                .build())
        .add(BatchNorm.builder().build());
  }

  @Override
  public String name() {
    return "PyTorch through DJL";
  }

  @Override
  public double step() {
    double loss;
    try (NDManager local = manager.newSubManager();
        GradientCollector collector = trainer.newGradientCollector()) {
      NDArray batch = pictures.duplicate();
      batch.attach(local);
      NDList output = trainer.forward(new NDList(batch));
      NDArray mean = trainer.getLoss().evaluate(new NDList(labels), output);
      loss = mean.getFloat();
      collector.backward(mean);
      output.close();
      mean.close();
    }
    trainer.step();
    return loss;
  }

  @Override
  public void close() {
    trainer.close();
    manager.close();
    model.close();
  }
}
