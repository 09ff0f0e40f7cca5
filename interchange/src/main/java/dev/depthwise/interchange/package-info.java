/** Whole models of other libraries, turned into networks: what they compute and their weights. */
@NullMarked
package dev.depthwise.interchange;

import org.jspecify.annotations.NullMarked;
