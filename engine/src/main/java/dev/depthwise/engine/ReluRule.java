package dev.depthwise.engine;

/** How derivatives pass back through rectifiers. */
public enum ReluRule {
  /** The derivative: it passes where the rectifier's output was positive. */
  PLAIN,
  /**
   * It passes where the output was positive and where it is itself positive (Springenberg et al.
   * 2015, "Striving for Simplicity", section 3.4: guided backpropagation). No derivative any more,
   * but a picture of what spoke for a class.
   */
  GUIDED,
  /**
   * It passes where it is itself positive, whatever the output was (Zeiler and Fergus 2014,
   * "Visualizing and Understanding Convolutional Networks", section 2.1: the deconvolutional
   * network).
   */
  DECONVOLUTION
}
