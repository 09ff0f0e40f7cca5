/** Compiles a network to a plan: differentiation, memory, and the interface that engines fill. */
@NullMarked
package dev.depthwise.engine;

import org.jspecify.annotations.NullMarked;
