package dev.depthwise.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.engine.MemoryPlan;
import dev.depthwise.engine.Slot;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * What lowerings write to: the calls of one plan at one batch size, bound to memory.
 *
 * <p>Three regions are shared by all calls, as none outlives the call (or the pair) that uses it:
 * scratch for primitives, a temporary for tensors in another layout, and a place for results that
 * nobody wants. They are bound at the end, when their size is known.
 */
final class Emitter {
  private final int batch;
  private final Natives natives;
  private final Parameters parameters;
  private final @Nullable TrainedParameters trained;
  private final long seed;
  private final Map<Slot, dnnl_memory_desc> descriptors = new HashMap<>();
  private final Map<Slot, dnnl_memory> memories = new HashMap<>();
  private final Region scratch = new Region();
  private final Region temporary = new Region();
  private final Region discarded = new Region();
  private final Region zeros = new Region();
  private @Nullable MemoryPlan memoryPlan;
  private @Nullable BytePointer base;
  private List<Call> calls = new ArrayList<>();
  private String node = "";
  private long step;

  /** A region that grows while calls are written, and is bound afterwards. */
  private static final class Region {
    final List<dnnl_memory> users = new ArrayList<>();
    long bytes;
  }

  Emitter(int batch, Natives natives, Parameters parameters, long seed) {
    this.batch = batch;
    this.natives = natives;
    this.parameters = parameters;
    this.trained = parameters instanceof TrainedParameters training ? training : null;
    this.seed = seed;
  }

  int batch() {
    return batch;
  }

  Natives natives() {
    return natives;
  }

  long seed() {
    return seed;
  }

  /** The number of the training step that runs. */
  long step() {
    return step;
  }

  void step(long number) {
    step = number;
  }

  /** Says where the slots lie. */
  void place(MemoryPlan plan, BytePointer arena) {
    memoryPlan = plan;
    base = arena;
  }

  /** The next calls belong to this node. */
  void begin(String name) {
    node = name;
  }

  /** The calls since the last time, and a new list for those to come. */
  List<Call> takeCalls() {
    List<Call> taken = calls;
    calls = new ArrayList<>();
    return taken;
  }

  dnnl_memory_desc descriptor(Slot slot) {
    return descriptors.computeIfAbsent(slot, key -> natives.activation(batch, key.shape()));
  }

  dnnl_memory memory(Slot slot) {
    return memories.computeIfAbsent(slot, key -> natives.memory(descriptor(key), address(key)));
  }

  BytePointer address(Slot slot) {
    return address(slot, 0);
  }

  BytePointer address(Slot slot, long bytes) {
    MemoryPlan plan = Objects.requireNonNull(memoryPlan);
    return Objects.requireNonNull(base).getPointer(BytePointer.class, plan.offset(slot) + bytes);
  }

  /** Whether two slots lie in the same place. */
  boolean overlaid(Slot left, Slot right) {
    MemoryPlan plan = Objects.requireNonNull(memoryPlan);
    return plan.offset(left) == plan.offset(right);
  }

  dnnl_primitive_attr attributes() {
    return natives.attributes(false, null);
  }

  /** A parameter of the current node, in the layout that a primitive chose. */
  dnnl_memory packed(Role role, dnnl_memory_desc plain, dnnl_memory_desc wanted) {
    return parameters.packed(this, new Weights.Key(node, role), plain, wanted);
  }

  /** A vector parameter of the current node. */
  dnnl_memory vector(Role role, int length) {
    return parameters.plain(this, new Weights.Key(node, role), natives.plain(length));
  }

  /** The plain values of a parameter in training. */
  java.nio.FloatBuffer values(Role role) {
    return Objects.requireNonNull(trained).values(new Weights.Key(node, role));
  }

  /**
   * Where the gradient by a parameter goes; a place nobody reads, if nobody asked for it.
   *
   * @param wanted whether it was asked for
   */
  dnnl_memory gradient(Role role, dnnl_memory_desc plain, boolean wanted) {
    return wanted
        ? Objects.requireNonNull(trained).gradient(new Weights.Key(node, role), plain, natives)
        : discarded(plain);
  }

  /** A tensor that lives until the next temporary one is written. */
  dnnl_memory temporary(dnnl_memory_desc descriptor) {
    return in(temporary, descriptor);
  }

  /** A tensor that nobody reads. */
  dnnl_memory discarded(dnnl_memory_desc descriptor) {
    return in(discarded, descriptor);
  }

  /** A tensor of zeros. */
  dnnl_memory zeros(dnnl_memory_desc descriptor) {
    return in(zeros, descriptor);
  }

  private dnnl_memory in(Region region, dnnl_memory_desc descriptor) {
    region.bytes = Math.max(region.bytes, Natives.size(descriptor));
    // DNNL_MEMORY_NONE: bound when the region's size is known.
    dnnl_memory memory = natives.memory(descriptor, new Pointer());
    region.users.add(memory);
    return memory;
  }

  /** Binds the shared regions to memory. */
  void bindRegions() {
    for (Region region : List.of(scratch, temporary, discarded, zeros)) {
      if (!region.users.isEmpty()) {
        BytePointer memory = natives.allocate(region.bytes);
        for (dnnl_memory user : region.users) {
          Natives.check(dnnl_memory_set_data_handle(user, memory), "bind a region");
        }
      }
    }
  }

  /** The arguments of a primitive: which tensor it finds under which number. */
  static final class Arguments {
    private final Map<Integer, dnnl_memory> memories = new LinkedHashMap<>();

    Arguments with(int number, dnnl_memory memory) {
      memories.put(number, memory);
      return this;
    }
  }

  static Arguments arguments(int number, dnnl_memory memory) {
    return new Arguments().with(number, memory);
  }

  /** Adds a primitive; takes its description over. */
  void call(String kind, dnnl_primitive_desc descriptor, Arguments arguments) {
    call(kind, descriptor, arguments, 0);
  }

  /** Adds a primitive that does so many multiply-adds; takes its description over. */
  void call(String kind, dnnl_primitive_desc descriptor, Arguments arguments, long multiplyAdds) {
    long scratchBytes = Natives.size(descriptor, dnnl_query_scratchpad_md);
    if (scratchBytes > 0) {
      arguments.with(
          DNNL_ARG_SCRATCHPAD,
          in(scratch, natives.chosen(descriptor, dnnl_query_scratchpad_md, 0)));
    }
    dnnl_primitive primitive = natives.primitive(descriptor, node);
    dnnl_exec_arg_t list = natives.arguments(arguments.memories);
    Call.Label label = new Call.Label(node, kind, Natives.implementation(descriptor), multiplyAdds);
    calls.add(new Call(label, primitive, list, arguments.memories.size()));
  }

  /** Adds a piece of Java. */
  void task(String kind, Runnable task) {
    calls.add(new Call(new Call.Label(node, kind, "java", 0), task));
  }

  /** Adds a copy into another layout. */
  void reorder(
      String kind, dnnl_memory_desc from, dnnl_memory src, dnnl_memory_desc to, dnnl_memory dst) {
    dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
    Natives.check(
        dnnl_reorder_primitive_desc_create(
            descriptor, from, Natives.cpu(), to, Natives.cpu(), attributes()),
        "describe a reorder");
    call(kind, natives.own(descriptor), arguments(DNNL_ARG_FROM, src).with(DNNL_ARG_TO, dst));
  }

  /** Spatial dimensions of a picture as oneDNN wants them, the batch before. */
  long[] dimensions(Shape shape) {
    return new long[] {batch, shape.channels(), shape.height(), shape.width()};
  }
}
