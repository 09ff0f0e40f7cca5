/** Named tensors and the files they live in. */
@NullMarked
package dev.depthwise.weights;

import org.jspecify.annotations.NullMarked;
