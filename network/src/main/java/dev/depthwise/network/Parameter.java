package dev.depthwise.network;

/**
 * A tensor that a node needs besides its inputs.
 *
 * @param role what it does
 * @param shape its shape
 */
public record Parameter(Role role, Shape shape) {}
