@NullMarked
package dev.depthwise.cli;

import org.jspecify.annotations.NullMarked;
