package dev.depthwise.engine;

import dev.depthwise.network.Shape;

/**
 * A tensor of a plan: written by one step (or from outside), read by later ones.
 *
 * <p>Where it lies, and in which layout, is the engine's affair.
 *
 * @param id unique in its plan
 * @param name for people
 * @param shape of one picture's part, without the batch
 * @param kind what it is for
 */
public record Slot(int id, String name, Shape shape, Kind kind) {
  /** What a slot is for. */
  public enum Kind {
    /** The pictures, written from outside. */
    INPUT,
    /** What a forward step makes. */
    ACTIVATION,
    /** The derivative of the loss by a value. */
    GRADIENT,
    /** What a forward step leaves for its backward step; the engine says how large it is. */
    WORKSPACE
  }

  /** Maps of slots are what passes live on, and ids are unique. */
  @Override
  public int hashCode() {
    return id;
  }

  @Override
  public String toString() {
    return "%" + id + ":" + name + (kind == Kind.WORKSPACE ? "" : "[" + shape + "]");
  }
}
