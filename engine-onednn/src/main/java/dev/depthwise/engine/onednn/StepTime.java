package dev.depthwise.engine.onednn;

/**
 * How long one call took.
 *
 * @param node the node it works for
 * @param kind what it does: "Conv2d forward"
 * @param implementation the kernel that oneDNN chose, or "java"
 * @param multiplyAdds of the whole batch; 0 where none are counted
 * @param nanoseconds wall-clock time
 */
public record StepTime(
    String node, String kind, String implementation, long multiplyAdds, long nanoseconds) {}
