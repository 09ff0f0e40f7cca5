/** A run as TensorBoard shows it: curves, histograms and pictures, in its event files. */
@NullMarked
package dev.depthwise.training.tensorboard;

import org.jspecify.annotations.NullMarked;
