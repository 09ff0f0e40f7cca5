package dev.depthwise.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_wait;

import dev.depthwise.engine.Backward;
import dev.depthwise.engine.Forward;
import dev.depthwise.engine.MemoryPlan;
import dev.depthwise.engine.Plan;
import dev.depthwise.engine.Slot;
import dev.depthwise.engine.Step;
import dev.depthwise.engine.Sum;
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
import dev.depthwise.network.Shape;
import dev.depthwise.network.Softmax;
import dev.depthwise.network.Standardization;
import dev.depthwise.network.StochasticDepth;
import dev.depthwise.network.Subsample;
import dev.depthwise.network.Upsample;
import dev.depthwise.network.ZeroPad;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** A plan at one batch size: two flat lists of calls, and the memory they are bound to. */
final class Program implements AutoCloseable {
  static final Map<Class<? extends Op>, Lowering> LOWERINGS =
      Map.ofEntries(
          Map.entry(Activation.class, new ActivationLowering()),
          Map.entry(Add.class, new AddLowering()),
          Map.entry(AveragePool.class, new PoolLowering()),
          Map.entry(BatchNorm.class, new BatchNormLowering()),
          Map.entry(Concat.class, new ConcatLowering()),
          Map.entry(Conv2d.class, new ConvolutionLowering()),
          Map.entry(Crop.class, new BorderLowering()),
          Map.entry(Dense.class, new DenseLowering()),
          Map.entry(Dropout.class, new DropoutLowering()),
          Map.entry(Flatten.class, new FlattenLowering()),
          Map.entry(GlobalAveragePool.class, new PoolLowering()),
          Map.entry(LayerNorm.class, new LayerNormLowering()),
          Map.entry(LayerScale.class, new LayerScaleLowering()),
          Map.entry(LocalResponseNorm.class, new LocalResponseNormLowering()),
          Map.entry(MaxPool.class, new PoolLowering()),
          Map.entry(Multiply.class, new MultiplyLowering()),
          Map.entry(PRelu.class, new PReluLowering()),
          Map.entry(PadChannels.class, new ConcatLowering()),
          Map.entry(Relu.class, new ReluLowering()),
          Map.entry(Scale.class, new ScaleLowering()),
          Map.entry(Softmax.class, new SoftmaxLowering()),
          Map.entry(Standardization.class, new StandardizationLowering()),
          Map.entry(StochasticDepth.class, new StochasticDepthLowering()),
          Map.entry(Subsample.class, new PoolLowering()),
          Map.entry(Upsample.class, new UpsampleLowering()),
          Map.entry(ZeroPad.class, new BorderLowering()));

  private static final byte GUARD = 0x5B;

  private final int batch;
  private final dnnl_stream stream;
  private final Natives natives = new Natives();
  private final Emitter emitter;
  private final MemoryPlan memory;
  private final BytePointer base;
  private final boolean guards;
  private final Map<Slot, Long> sizes;
  private final FloatBuffer input;
  private final Map<String, FloatBuffer> outputs = new LinkedHashMap<>();
  private final Map<String, FloatBuffer> seeds = new LinkedHashMap<>();
  private final Map<String, FloatBuffer> gradients = new LinkedHashMap<>();
  private final Call[] forward;
  private final Call[] backward;

  Program(
      Plan plan,
      int batch,
      Parameters parameters,
      Arena arena,
      boolean guards,
      long seed,
      dnnl_stream stream) {
    this.batch = batch;
    this.stream = stream;
    this.guards = guards;
    this.emitter = new Emitter(batch, natives, parameters, seed);
    this.sizes =
        MemoryPlan.sizes(plan, batch, step -> lowering(step.op()).workspaceBytes(emitter, step));
    this.memory = MemoryPlan.of(plan, slot -> Objects.requireNonNull(sizes.get(slot)), guards);
    // Programs that share a block would overwrite each other's guards.
    this.base = guards ? natives.allocate(memory.bytes()) : arena.claim(memory.bytes());
    if (guards) {
      forEachGuard((from, to) -> Pointer.memset(at(from), GUARD, to - from));
    }
    emitter.place(memory, base);
    this.input = enter(plan.input(), "input");
    for (Forward step : plan.forward()) {
      emitter.begin(step.name());
      lowering(step.op()).forward(emitter, step);
    }
    plan.outputs().forEach((name, slot) -> outputs.put(name, leave(slot, name)));
    this.forward = emitter.takeCalls().toArray(new Call[0]);
    plan.seeds().forEach((name, slot) -> seeds.put(name, enter(slot, name)));
    for (Step step : plan.backward()) {
      emitter.begin(step.name());
      if (step instanceof Backward derivative) {
        lowering(derivative.op()).backward(emitter, derivative);
      } else if (step instanceof Forward forwardStep) {
        lowering(forwardStep.op()).forward(emitter, forwardStep);
      } else if (step instanceof Sum sum) {
        AddLowering.sum(emitter, sum);
      }
    }
    plan.gradients().forEach((name, slot) -> gradients.put(name, leave(slot, name)));
    this.backward = emitter.takeCalls().toArray(new Call[0]);
    emitter.bindRegions();
  }

  /** What forward steps leave for their backward steps, for the whole batch. */
  static ToLongFunction<Forward> workspaceBytes(int batch, Natives natives) {
    Parameters none =
        (emitter, key, plain, wanted) -> {
          throw new IllegalStateException("a workspace does not depend on parameters");
        };
    Emitter emitter = new Emitter(batch, natives, none, 0);
    return step -> lowering(step.op()).workspaceBytes(emitter, step);
  }

  private static Lowering lowering(Op op) {
    return Objects.requireNonNull(LOWERINGS.get(op.getClass()));
  }

  /** Where a tensor is written from outside, in logical order. */
  private FloatBuffer enter(Slot slot, String name) {
    if (isSameInBothOrders(slot.shape())) {
      return Natives.floats(emitter.address(slot), (long) batch * slot.shape().size());
    }
    dnnl_memory_desc plain = natives.plain(emitter.dimensions(slot.shape()));
    BytePointer staging = natives.allocate(Natives.size(plain));
    emitter.begin(name);
    emitter.reorder(
        "enter",
        plain,
        natives.memory(plain, staging),
        emitter.descriptor(slot),
        emitter.memory(slot));
    return Natives.floats(staging, (long) batch * slot.shape().size());
  }

  /** Where a tensor is read from outside, in logical order. */
  private FloatBuffer leave(Slot slot, String name) {
    if (isSameInBothOrders(slot.shape())) {
      return Natives.floats(emitter.address(slot), (long) batch * slot.shape().size());
    }
    dnnl_memory_desc plain = natives.plain(emitter.dimensions(slot.shape()));
    BytePointer staging = natives.allocate(Natives.size(plain));
    dnnl_memory outside = natives.memory(plain, staging);
    emitter.begin(name);
    emitter.reorder("leave", emitter.descriptor(slot), emitter.memory(slot), plain, outside);
    return Natives.floats(staging, (long) batch * slot.shape().size());
  }

  private static boolean isSameInBothOrders(Shape shape) {
    return !shape.isPicture() || shape.channels() == 1 || shape.height() * shape.width() == 1;
  }

  int batch() {
    return batch;
  }

  /** Bytes of memory of its own; the shared block is not counted. */
  long bytes() {
    return natives.bytes();
  }

  /** The pictures, in logical order. */
  FloatBuffer input() {
    return input;
  }

  FloatBuffer output(String name) {
    return Objects.requireNonNull(outputs.get(name));
  }

  FloatBuffer seed(String name) {
    return Objects.requireNonNull(seeds.get(name));
  }

  FloatBuffer gradient(String name) {
    return Objects.requireNonNull(gradients.get(name));
  }

  void forward(long step) {
    emitter.step(step);
    run(forward);
  }

  void backward() {
    run(backward);
  }

  private void run(Call[] calls) {
    for (Call call : calls) {
      call.run(stream);
    }
    Natives.check(dnnl_stream_wait(stream), "wait");
  }

  /** Runs everything once, taking the time of each call. */
  List<StepTime> profile(long step) {
    emitter.step(step);
    List<StepTime> times = new ArrayList<>();
    profile(forward, times);
    profile(backward, times);
    return times;
  }

  private void profile(Call[] calls, List<StepTime> times) {
    for (Call call : calls) {
      long start = System.nanoTime();
      call.run(stream);
      Natives.check(dnnl_stream_wait(stream), "wait");
      Call.Label label = call.label();
      times.add(
          new StepTime(
              label.step(),
              label.kind(),
              label.implementation(),
              label.multiplyAdds(),
              System.nanoTime() - start));
    }
  }

  void verifyGuards() {
    if (!guards) {
      throw new IllegalStateException("this executable was compiled without guards");
    }
    forEachGuard(
        (from, to) -> {
          for (long position = from; position < to; position++) {
            if (base.get(position) != GUARD) {
              throw new IllegalStateException("something was written at byte " + position);
            }
          }
        });
  }

  private interface Range {
    void accept(long from, long to);
  }

  private void forEachGuard(Range range) {
    List<Slot> slots =
        sizes.keySet().stream().sorted(Comparator.comparing(memory::offset)).toList();
    long end = 0;
    for (Slot slot : slots) {
      long from = memory.offset(slot);
      if (from > end) {
        range.accept(end, from);
      }
      end = Math.max(end, from + Objects.requireNonNull(sizes.get(slot)));
    }
    range.accept(end, memory.bytes());
  }

  private BytePointer at(long bytes) {
    return base.getPointer(BytePointer.class, bytes);
  }

  @Override
  public void close() {
    natives.close();
  }
}
