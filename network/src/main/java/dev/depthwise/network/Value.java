package dev.depthwise.network;

/**
 * What flows along an edge of a graph: the output of one node.
 *
 * @param index the position of the node that makes it, in {@link Graph#nodes()}
 * @param shape without the batch
 */
public record Value(int index, Shape shape) {}
