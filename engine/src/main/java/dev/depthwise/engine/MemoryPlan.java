package dev.depthwise.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where each slot of a plan lies in one block of memory, so that slots that are never alive
 * together share their bytes.
 *
 * <p>Largest first, each at the lowest offset that is free for its whole life (Pisarchyk and Lee
 * 2020, "greedy by size"). With guards, nothing is shared and {@link #ALIGNMENT} bytes stay free
 * before and behind each slot, for tests that look for writes out of bounds.
 *
 * @param offsets in bytes, multiples of {@link #ALIGNMENT}
 * @param bytes the size of the block
 */
public record MemoryPlan(Map<Slot, Long> offsets, long bytes) {
  /** Every slot begins at a multiple of this: a cache line, and the widest vector. */
  public static final int ALIGNMENT = 64;

  public MemoryPlan {
    offsets = Map.copyOf(offsets);
  }

  /** Slots that lie in the same place, one overlaying the other, with their common life. */
  private static final class Tenant {
    final List<Slot> slots = new ArrayList<>();
    long bytes;
    int from;
    int to;
    long offset;
  }

  /**
   * Places the slots of a plan.
   *
   * @param size bytes of a slot at the batch size in question
   * @param guards whether to keep all apart
   */
  public static MemoryPlan of(Plan plan, ToLongFunction<Slot> size, boolean guards) {
    List<Tenant> tenants = tenants(plan, size, guards);
    Map<Slot, Long> offsets = new HashMap<>();
    long end = 0;
    if (guards) {
      for (Tenant tenant : tenants) {
        tenant.offset = end + ALIGNMENT;
        end = tenant.offset + align(tenant.bytes) + ALIGNMENT;
      }
    } else {
      tenants.sort(Comparator.comparingLong((Tenant tenant) -> -tenant.bytes));
      List<Tenant> placed = new ArrayList<>();
      for (Tenant tenant : tenants) {
        tenant.offset = lowest(tenant, placed);
        // placed stays sorted by offset, so that a single sweep finds the first gap
        int position = 0;
        while (position < placed.size() && placed.get(position).offset < tenant.offset) {
          position++;
        }
        placed.add(position, tenant);
        end = Math.max(end, tenant.offset + align(tenant.bytes));
      }
    }
    for (Tenant tenant : tenants) {
      tenant.slots.forEach(slot -> offsets.put(slot, tenant.offset));
    }
    return new MemoryPlan(offsets, end);
  }

  /**
   * The most bytes that are alive at a time: what no plan gets below, found sooner than one.
   *
   * @param size bytes of a slot at the batch size in question
   */
  static long mostAlive(Plan plan, ToLongFunction<Slot> size) {
    long[] change = new long[plan.forward().size() + plan.backward().size() + 3];
    for (Tenant tenant : tenants(plan, size, false)) {
      change[tenant.from + 1] += align(tenant.bytes);
      if (tenant.to < Integer.MAX_VALUE) {
        change[tenant.to + 2] -= align(tenant.bytes);
      }
    }
    long alive = 0;
    long most = 0;
    for (long each : change) {
      alive += each;
      most = Math.max(most, alive);
    }
    return most;
  }

  /**
   * Bytes of every slot of a plan.
   *
   * @param batch pictures
   * @param workspaceBytes what a forward step leaves for its backward step, for the whole batch
   */
  public static Map<Slot, Long> sizes(
      Plan plan, int batch, ToLongFunction<Forward> workspaceBytes) {
    Map<Slot, Long> sizes = new LinkedHashMap<>();
    sizes.put(plan.input(), tensorBytes(plan.input(), batch));
    plan.seeds().values().forEach(slot -> sizes.put(slot, tensorBytes(slot, batch)));
    for (Step step : plan.steps()) {
      for (Slot slot : step.writes()) {
        if (slot.kind() != Slot.Kind.WORKSPACE) {
          sizes.put(slot, tensorBytes(slot, batch));
        } else if (step instanceof Forward maker) {
          sizes.put(slot, workspaceBytes.applyAsLong(maker));
        }
      }
    }
    return sizes;
  }

  private static long tensorBytes(Slot slot, int batch) {
    return (long) batch * slot.shape().size() * Float.BYTES;
  }

  /** The offset of a slot in bytes. */
  public long offset(Slot slot) {
    Long offset = offsets.get(slot);
    if (offset == null) {
      throw new IllegalArgumentException("this plan has no " + slot);
    }
    return offset;
  }

  private static long lowest(Tenant tenant, List<Tenant> placed) {
    long offset = 0;
    for (Tenant other : placed) {
      if (other.to < tenant.from || tenant.to < other.from) {
        continue;
      }
      if (offset + align(tenant.bytes) <= other.offset) {
        break;
      }
      offset = Math.max(offset, other.offset + align(other.bytes));
    }
    return offset;
  }

  private static List<Tenant> tenants(Plan plan, ToLongFunction<Slot> size, boolean guards) {
    List<Step> steps = plan.steps();
    Map<Slot, Integer> lastRead = new HashMap<>();
    for (int index = 0; index < steps.size(); index++) {
      for (Slot slot : steps.get(index).reads()) {
        lastRead.put(slot, index);
      }
    }
    plan.outputs().values().forEach(slot -> lastRead.put(slot, Integer.MAX_VALUE));
    plan.gradients().values().forEach(slot -> lastRead.put(slot, Integer.MAX_VALUE));

    Map<Slot, Tenant> homes = new HashMap<>();
    List<Tenant> tenants = new ArrayList<>();
    move(plan.input(), -1, size, lastRead, homes, tenants);
    // Seeds are written between the last forward and the first backward step.
    plan.seeds()
        .values()
        .forEach(slot -> move(slot, plan.forward().size() - 1, size, lastRead, homes, tenants));
    for (int index = 0; index < steps.size(); index++) {
      Step step = steps.get(index);
      for (Slot slot : step.writes()) {
        Tenant host = host(step, slot, index, size, homes, guards);
        if (host == null) {
          move(slot, index, size, lastRead, homes, tenants);
        } else {
          host.slots.add(slot);
          host.to = lastRead.getOrDefault(slot, index);
          homes.put(slot, host);
        }
      }
    }
    return tenants;
  }

  /** The tenant over which a step may write a slot, or null. */
  private static @Nullable Tenant host(
      Step step,
      Slot slot,
      int index,
      ToLongFunction<Slot> size,
      Map<Slot, Tenant> homes,
      boolean guards) {
    boolean must = step instanceof Forward forward && forward.addend() != null;
    if (slot.kind() == Slot.Kind.WORKSPACE || (guards && !must)) {
      return null;
    }
    for (Slot under : step.overlays()) {
      Tenant tenant = homes.get(under);
      if (tenant != null
          && tenant.to == index
          && size.applyAsLong(slot) == size.applyAsLong(under)) {
        return tenant;
      }
    }
    if (must) {
      throw new IllegalStateException(step.name() + ": somebody still reads " + step.overlays());
    }
    return null;
  }

  private static void move(
      Slot slot,
      int from,
      ToLongFunction<Slot> size,
      Map<Slot, Integer> lastRead,
      Map<Slot, Tenant> homes,
      List<Tenant> tenants) {
    Tenant tenant = new Tenant();
    tenant.slots.add(slot);
    tenant.bytes = size.applyAsLong(slot);
    tenant.from = from;
    tenant.to = lastRead.getOrDefault(slot, from);
    tenants.add(tenant);
    homes.put(slot, tenant);
  }

  private static long align(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
