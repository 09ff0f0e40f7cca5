/** Pictures of networks. */
@NullMarked
package dev.depthwise.draw;

import org.jspecify.annotations.NullMarked;
