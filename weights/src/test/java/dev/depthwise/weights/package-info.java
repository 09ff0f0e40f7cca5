@NullMarked
package dev.depthwise.weights;

import org.jspecify.annotations.NullMarked;
