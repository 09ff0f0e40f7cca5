package dev.depthwise.inference;

/**
 * What a picture may show.
 *
 * @param index of the class
 * @param label its name
 * @param probability in [0, 1]; those of all classes add up to 1
 */
public record Guess(int index, String label, double probability) {}
