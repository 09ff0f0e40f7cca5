@NullMarked
package dev.depthwise.examples;

import org.jspecify.annotations.NullMarked;
