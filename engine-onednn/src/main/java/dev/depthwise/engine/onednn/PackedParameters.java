package dev.depthwise.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.javacpp.BytePointer;

/**
 * The parameters of an inference: each packed once, in the layout that its primitive chose, and
 * shared by the programs of all batch sizes that chose the same.
 */
final class PackedParameters implements Parameters {
  private final Natives natives;
  private final dnnl_stream stream;
  private final Map<Weights.Key, List<Packed>> packed = new LinkedHashMap<>();
  private Weights weights;

  private record Packed(
      dnnl_memory_desc plain, dnnl_memory_desc layout, dnnl_memory memory, BytePointer at) {}

  PackedParameters(Natives natives, dnnl_stream stream, Weights weights) {
    this.natives = natives;
    this.stream = stream;
    this.weights = weights;
  }

  @Override
  public dnnl_memory packed(
      Emitter emitter, Weights.Key key, dnnl_memory_desc plain, dnnl_memory_desc wanted) {
    List<Packed> known = packed.computeIfAbsent(key, ignored -> new ArrayList<>());
    for (Packed one : known) {
      if (Natives.same(one.layout, wanted)) {
        return one.memory;
      }
    }
    // They live as long as these parameters, not as the program that asked.
    dnnl_memory_desc layout = natives.cloned(wanted);
    BytePointer at = natives.allocate(Natives.size(layout));
    Packed one = new Packed(natives.cloned(plain), layout, natives.memory(layout, at), at);
    known.add(one);
    fill(one, weights.get(key));
    return one.memory;
  }

  /** Replaces all numbers. */
  void load(Weights other) {
    weights = other;
    packed.forEach((key, layouts) -> layouts.forEach(one -> fill(one, other.get(key))));
  }

  private void fill(Packed one, Tensor tensor) {
    if (Natives.same(one.plain, one.layout)) {
      Natives.floats(one.at, tensor.shape().size()).put(tensor.values());
      return;
    }
    try (Natives local = new Natives()) {
      BytePointer from = local.allocate(Natives.size(one.plain));
      Natives.floats(from, tensor.shape().size()).put(tensor.values());
      dnnl_primitive_desc descriptor = new dnnl_primitive_desc();
      Natives.check(
          dnnl_reorder_primitive_desc_create(
              descriptor, one.plain, Natives.cpu(), one.layout, Natives.cpu(), null),
          "describe packing");
      dnnl_primitive reorder = local.primitive(local.own(descriptor), "packing");
      dnnl_exec_arg_t list =
          local.arguments(
              Map.of(DNNL_ARG_FROM, local.memory(one.plain, from), DNNL_ARG_TO, one.memory));
      Natives.check(dnnl_primitive_execute(reorder, stream, 2, list), "pack a tensor");
      Natives.check(dnnl_stream_wait(stream), "pack a tensor");
    }
  }
}
