/** The architectures: one class per family, with its variants and the styles of its ports. */
@NullMarked
package dev.depthwise.zoo;

import org.jspecify.annotations.NullMarked;
