/** Measures Depthwise beside its peers, interleaved in one run. */
@NullMarked
package dev.depthwise.benchmarks;

import org.jspecify.annotations.NullMarked;
