@NullMarked
package dev.depthwise.training.tensorboard;

import org.jspecify.annotations.NullMarked;
