package dev.depthwise.zoo;

/**
 * The names of a convolution and of what follows it.
 *
 * @param conv the convolution
 * @param bn its batch norm
 * @param activation what comes behind that, if anything does
 */
record Layer(String conv, String bn, String activation) {}
