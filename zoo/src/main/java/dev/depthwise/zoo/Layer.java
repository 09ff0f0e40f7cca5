package dev.depthwise.zoo;

/**
 * The names of a convolution and of what follows it.
 *
 * @param conv the convolution
 * @param bn its batch norm
 * @param activation what comes behind that, if anything does
 */
record Layer(String conv, String bn, String activation) {
  /** torchvision's names: the three are numbered. */
  static Layer numbered(String prefix) {
    return new Layer(prefix + ".0", prefix + ".1", prefix + ".2");
  }
}
