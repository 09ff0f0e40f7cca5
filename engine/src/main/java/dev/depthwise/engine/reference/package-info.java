/**
 * The engine that all others are held against: plain Java in double precision, slow and readable.
 */
@NullMarked
package dev.depthwise.engine.reference;

import org.jspecify.annotations.NullMarked;
