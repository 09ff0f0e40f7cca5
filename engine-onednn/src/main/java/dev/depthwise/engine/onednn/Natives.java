package dev.depthwise.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * Owns memory and oneDNN objects, and frees them at {@link #close}, the last first. Everything
 * native in this engine is made here.
 *
 * <p>Memory comes straight from malloc, so that it counts neither towards JavaCPP's limit nor waits
 * for the garbage collector.
 */
final class Natives implements AutoCloseable {
  static final int ALIGNMENT = 64;

  private static final class Cpu {
    static final dnnl_engine ENGINE = new dnnl_engine();

    static {
      check(dnnl_engine_create(ENGINE, dnnl_cpu, 0), "create the CPU engine");
    }
  }

  private final Deque<Runnable> closers = new ArrayDeque<>();
  private long bytes;

  /** oneDNN's CPU engine: one for the process, without state. */
  static dnnl_engine cpu() {
    return Cpu.ENGINE;
  }

  static void check(int status, String what) {
    if (status != dnnl_success) {
      throw new IllegalStateException("oneDNN could not %s: status %d".formatted(what, status));
    }
  }

  /** Bytes of memory held. */
  long bytes() {
    return bytes;
  }

  /** Zeroed memory; its pages are touched, so that no step pays for them later. */
  BytePointer allocate(long size) {
    Pointer raw = Pointer.malloc(size + ALIGNMENT);
    if (raw == null || raw.isNull()) {
      throw new InputException(
          "not enough memory: %d MB could not be allocated; take a smaller batch"
              .formatted(size >> 20));
    }
    closers.push(() -> Pointer.free(raw));
    bytes += size + ALIGNMENT;
    long misaligned = raw.address() % ALIGNMENT;
    BytePointer aligned =
        new BytePointer(raw)
            .getPointer(BytePointer.class, misaligned == 0 ? 0 : ALIGNMENT - misaligned);
    Pointer.memset(aligned, 0, size);
    return aligned;
  }

  /** A view of memory as floats; must not be used after it is freed. */
  static FloatBuffer floats(BytePointer memory, long count) {
    BytePointer view = memory.getPointer(BytePointer.class, 0);
    view.capacity(count * Float.BYTES);
    return view.asByteBuffer().slice().order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  dnnl_stream stream() {
    dnnl_stream stream = new dnnl_stream();
    check(dnnl_stream_create(stream, cpu(), dnnl_stream_default_flags), "create a stream");
    closers.push(() -> dnnl_stream_destroy(stream));
    return stream;
  }

  /** Channels-last for a picture, a matrix for a vector. */
  dnnl_memory_desc activation(int batch, Shape shape) {
    return shape.isPicture()
        ? tagged(dnnl_acdb, batch, shape.channels(), shape.height(), shape.width())
        : tagged(dnnl_ab, batch, shape.size());
  }

  /** Row-major, as the files have it. */
  dnnl_memory_desc plain(long... dimensions) {
    return tagged(
        switch (dimensions.length) {
          case 1 -> dnnl_a;
          case 2 -> dnnl_ab;
          case 4 -> dnnl_abcd;
          case 5 -> dnnl_abcde;
          default -> throw new IllegalArgumentException(dimensions.length + " dimensions");
        },
        dimensions);
  }

  /** Whatever layout the primitive likes best. */
  dnnl_memory_desc any(long... dimensions) {
    return tagged(dnnl_format_tag_any, dimensions);
  }

  dnnl_memory_desc tagged(int tag, long... dimensions) {
    dnnl_memory_desc descriptor = new dnnl_memory_desc();
    check(
        dnnl_memory_desc_create_with_tag(descriptor, dimensions.length, dimensions, dnnl_f32, tag),
        "describe a tensor");
    return own(descriptor);
  }

  /** The part of a tensor from {@code offsets} on. */
  dnnl_memory_desc part(dnnl_memory_desc whole, long[] dimensions, long[] offsets) {
    dnnl_memory_desc descriptor = new dnnl_memory_desc();
    check(
        dnnl_memory_desc_create_submemory(descriptor, whole, dimensions, offsets),
        "describe a part of a tensor");
    return own(descriptor);
  }

  /** What a primitive chose; cloned, as the original goes with its owner. */
  dnnl_memory_desc chosen(dnnl_primitive_desc primitive, int query, int index) {
    return cloned(dnnl_primitive_desc_query_md(primitive, query, index));
  }

  /** A description like another one that may go sooner. */
  dnnl_memory_desc cloned(dnnl_memory_desc original) {
    dnnl_memory_desc descriptor = new dnnl_memory_desc();
    check(dnnl_memory_desc_clone(descriptor, original), "clone a description");
    return own(descriptor);
  }

  private dnnl_memory_desc own(dnnl_memory_desc descriptor) {
    closers.push(() -> dnnl_memory_desc_destroy(descriptor));
    return descriptor;
  }

  static long size(dnnl_memory_desc descriptor) {
    return dnnl_memory_desc_get_size(descriptor);
  }

  /** Bytes of what a primitive asks for under a query; 0 if it asks for nothing. */
  static long size(dnnl_primitive_desc primitive, int query) {
    dnnl_memory_desc descriptor = dnnl_primitive_desc_query_md(primitive, query, 0);
    return descriptor == null || descriptor.isNull() ? 0 : size(descriptor);
  }

  static boolean same(dnnl_memory_desc left, dnnl_memory_desc right) {
    return dnnl_memory_desc_equal(left, right) != 0;
  }

  /** How a tensor lies; goes with the tensor. */
  static dnnl_memory_desc layout(dnnl_memory memory) {
    dnnl_memory_desc layout = new dnnl_memory_desc();
    check(dnnl_memory_get_memory_desc(memory, layout), "look at a tensor");
    return layout;
  }

  dnnl_memory memory(dnnl_memory_desc descriptor, Pointer at) {
    dnnl_memory memory = new dnnl_memory();
    check(dnnl_memory_create(memory, descriptor, cpu(), at), "bind a tensor");
    closers.push(() -> dnnl_memory_destroy(memory));
    return memory;
  }

  /** Memory of its own for a tensor. */
  dnnl_memory memory(dnnl_memory_desc descriptor) {
    return memory(descriptor, allocate(size(descriptor)));
  }

  dnnl_primitive_desc own(dnnl_primitive_desc descriptor) {
    closers.push(() -> dnnl_primitive_desc_destroy(descriptor));
    return descriptor;
  }

  dnnl_primitive primitive(dnnl_primitive_desc descriptor, String name) {
    dnnl_primitive primitive = new dnnl_primitive();
    check(dnnl_primitive_create(primitive, descriptor), "create a primitive for " + name);
    closers.push(() -> dnnl_primitive_destroy(primitive));
    return primitive;
  }

  /** Attributes of a primitive whose scratch memory is ours, with what is fused behind it. */
  dnnl_primitive_attr attributes(boolean addToDst, @Nullable Eltwise then) {
    dnnl_primitive_attr attributes = new dnnl_primitive_attr();
    check(dnnl_primitive_attr_create(attributes), "create attributes");
    closers.push(() -> dnnl_primitive_attr_destroy(attributes));
    check(
        dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
        "set the scratchpad mode");
    if (addToDst || then != null) {
      org.bytedeco.dnnl.dnnl_post_ops postOps = new org.bytedeco.dnnl.dnnl_post_ops();
      check(dnnl_post_ops_create(postOps), "create post-ops");
      if (addToDst) {
        check(dnnl_post_ops_append_sum(postOps, 1, 0, dnnl_data_type_undef), "fuse a sum");
      }
      if (then != null) {
        check(
            dnnl_post_ops_append_eltwise(postOps, then.algorithm(), then.alpha(), then.beta()),
            "fuse " + then);
      }
      check(dnnl_primitive_attr_set_post_ops(attributes, postOps), "set post-ops");
      dnnl_post_ops_destroy(postOps);
    }
    return attributes;
  }

  /** The implementation that a primitive chose: "brgconv:avx512_core", "jit:uni", "ref:any". */
  static String implementation(dnnl_primitive_desc descriptor) {
    try (Natives local = new Natives()) {
      PointerPointer<BytePointer> text = local.pointers(1);
      check(
          dnnl_primitive_desc_query(descriptor, dnnl_query_impl_info_str, 0, text),
          "name an implementation");
      return text.get(BytePointer.class, 0).getString();
    }
  }

  /** Calls back at {@link #close}. */
  void onClose(Runnable closer) {
    closers.push(closer);
  }

  /** The list of arguments of a primitive, by number. */
  dnnl_exec_arg_t arguments(Map<Integer, dnnl_memory> memories) {
    dnnl_exec_arg_t list =
        new dnnl_exec_arg_t(raw((long) memories.size() * Loader.sizeof(dnnl_exec_arg_t.class)));
    long position = 0;
    for (Map.Entry<Integer, dnnl_memory> argument : memories.entrySet()) {
      list.position(position++).arg(argument.getKey()).memory(argument.getValue());
    }
    return list.position(0);
  }

  /** Room for so many pointers. */
  <P extends Pointer> PointerPointer<P> pointers(int count) {
    return new PointerPointer<>(raw((long) count * Loader.sizeof(Pointer.class)));
  }

  /**
   * A small piece of memory. JavaCPP's own arrays are not used: each of them looks at the memory of
   * the process first, and refuses where that is large, whoever took it.
   */
  private Pointer raw(long size) {
    Pointer raw = Pointer.malloc(size);
    if (raw == null || raw.isNull()) {
      throw new InputException(
          "not enough memory: %d bytes could not be allocated".formatted(size));
    }
    closers.push(() -> Pointer.free(raw));
    return raw;
  }

  @Override
  public void close() {
    while (!closers.isEmpty()) {
      closers.pop().run();
    }
    bytes = 0;
  }
}
