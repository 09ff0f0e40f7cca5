/** Tests of the catalogue. */
@NullMarked
package dev.depthwise.catalogue;

import org.jspecify.annotations.NullMarked;
