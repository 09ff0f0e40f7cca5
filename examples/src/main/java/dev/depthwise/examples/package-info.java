/** The Java programs that the documentation shows. */
@NullMarked
package dev.depthwise.examples;

import org.jspecify.annotations.NullMarked;
