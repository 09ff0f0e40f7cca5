/** Pictures and data sets: decode, resize, normalise, augment, batch. */
@NullMarked
package dev.depthwise.vision;

import org.jspecify.annotations.NullMarked;
