package dev.depthwise.network;

/**
 * A part of a network: what it makes of a value.
 *
 * <p>Values wire the graph; the scope only gives names. So a mistyped name can never connect two
 * layers, or leave one dead.
 */
@FunctionalInterface
public interface Block {
  /** Adds this part's nodes behind a value, and gives the value it makes. */
  Value apply(Scope scope, Value input);
}
