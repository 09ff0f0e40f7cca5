@NullMarked
package dev.depthwise.training;

import org.jspecify.annotations.NullMarked;
