/** The command line: one class per command. */
@NullMarked
package dev.depthwise.cli;

import org.jspecify.annotations.NullMarked;
