/** The tests that every engine must pass: extend them and name the engine. */
@NullMarked
package dev.depthwise.engine.tck;

import org.jspecify.annotations.NullMarked;
