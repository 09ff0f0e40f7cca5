/** The fast CPU engine: plans run as flat lists of oneDNN primitives. */
@NullMarked
package dev.depthwise.engine.onednn;

import org.jspecify.annotations.NullMarked;
