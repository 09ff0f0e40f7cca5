package dev.depthwise.engine;

import dev.depthwise.network.Weights;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the backward pass is for.
 *
 * @param trained which parameters get a gradient and are updated; statistics never do
 * @param values names of values whose derivative is asked for too, "input" among them (see {@link
 *     dev.depthwise.network.Graph#value})
 * @param reluRule how derivatives pass back through rectifiers
 */
public record Derivatives(Predicate<Weights.Key> trained, List<String> values, ReluRule reluRule) {
  public Derivatives {
    values = List.copyOf(values);
  }

  /** By all parameters. */
  public static Derivatives all() {
    return new Derivatives(key -> true, List.of(), ReluRule.PLAIN);
  }

  /** By these values alone, and by no parameter: what explanations of a network ask for. */
  public static Derivatives by(String... values) {
    return new Derivatives(key -> false, List.of(values), ReluRule.PLAIN);
  }

  /** By other parameters. */
  public Derivatives withTrained(Predicate<Weights.Key> other) {
    return new Derivatives(other, values, reluRule);
  }

  /** By other values. */
  public Derivatives withValues(List<String> names) {
    return new Derivatives(trained, names, reluRule);
  }

  /** With another way back through rectifiers. */
  public Derivatives withReluRule(ReluRule other) {
    return new Derivatives(trained, values, other);
  }
}
