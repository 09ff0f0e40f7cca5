@NullMarked
package dev.depthwise.interchange;

import org.jspecify.annotations.NullMarked;
