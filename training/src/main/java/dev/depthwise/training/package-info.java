/** Losses, optimisers, schedules, the training loop and its checkpoints. */
@NullMarked
package dev.depthwise.training;

import org.jspecify.annotations.NullMarked;
