package dev.depthwise.engine;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Names;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What executables check of their callers: the same on every engine, in the same words. */
public final class Checks {
  private Checks() {}

  /**
   * Refuses the use of an executable after it was closed.
   *
   * @throws IllegalStateException if closed
   */
  public static void open(boolean closed) {
    if (closed) {
      throw new IllegalStateException("this executable is closed: compile the network again");
    }
  }

  /**
   * Checks the pictures of a run.
   *
   * @param pictures {@code count} pictures at its position
   * @param count from 1 to the batch
   * @param batch bound at compile
   * @param input of one picture
   * @throws IllegalArgumentException if the count is out of range, or the buffer too short
   */
  public static void pictures(FloatBuffer pictures, int count, int batch, Shape input) {
    if (count < 1 || count > batch) {
      throw new IllegalArgumentException(
          "%d pictures: this executable was compiled for 1 to %d".formatted(count, batch));
    }
    remaining("pictures", pictures, count, input);
  }

  /**
   * Checks the derivatives that a backward pass starts from.
   *
   * @param given {@code count} results at the position of each
   * @param outputs the shape of each output for one picture
   * @param count of the forward pass that has no backward pass yet; 0 if there is none
   * @throws IllegalStateException if there is none
   * @throws IllegalArgumentException if one is missing or too short, or of no output
   */
  public static void outputGradients(
      Map<String, FloatBuffer> given, Map<String, Shape> outputs, int count) {
    ran(count, "forward");
    given.keySet().forEach(name -> named("output", name, outputs));
    outputs.forEach(
        (name, shape) -> {
          FloatBuffer gradient = given.get(name);
          if (gradient == null) {
            throw new IllegalArgumentException("there is no gradient of output '" + name + "'");
          }
          remaining("the gradient of output '" + name + "'", gradient, count, shape);
        });
  }

  /**
   * Checks that there is something to be had.
   *
   * @param count of the last run; 0 if there was none
   * @param method what should have been called before
   * @throws IllegalStateException if there was none
   */
  public static void ran(int count, String method) {
    if (count == 0) {
      throw new IllegalStateException("there is nothing yet: call " + method + " first");
    }
  }

  /**
   * Looks a name up.
   *
   * @param kind what it names: "output"
   * @throws IllegalArgumentException if it is unknown, with the nearest names there are
   */
  public static <T> T named(String kind, String name, Map<String, T> known) {
    T found = known.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "there is no %s '%s'; %s".formatted(kind, name, Names.suggest(name, known.keySet())));
    }
    return found;
  }

  /**
   * Looks a trained parameter up.
   *
   * @throws IllegalArgumentException if that one is unknown or not trained
   */
  public static <T> T trained(Weights.Key key, Map<Weights.Key, T> trained) {
    T found = trained.get(key);
    if (found == null) {
      throw new IllegalArgumentException(
          "no parameter %s is trained; %s"
              .formatted(
                  key,
                  Names.suggest(
                      key.toString(),
                      trained.keySet().stream().map(Weights.Key::toString).toList())));
    }
    return found;
  }

  /**
   * Checks what an update rule is to remember: nothing at all, or equally many tensors of each
   * trained parameter.
   *
   * @param shapes of the trained parameters
   * @throws InputException naming all that is missing, unexpected or of another shape
   */
  public static void moments(
      Map<Weights.Key, List<Tensor>> moments, Map<Weights.Key, Shape> shapes) {
    if (moments.isEmpty()) {
      return;
    }
    int count = moments.values().iterator().next().size();
    List<String> faults = new ArrayList<>();
    shapes.forEach(
        (key, shape) -> {
          List<Tensor> tensors = moments.get(key);
          if (tensors == null) {
            faults.add("missing " + key);
          } else if (tensors.size() != count
              || !tensors.stream().allMatch(tensor -> tensor.shape().equals(shape))) {
            faults.add("%s has %s, expected %d of %s".formatted(key, tensors, count, shape));
          }
        });
    for (Weights.Key key : moments.keySet()) {
      if (!shapes.containsKey(key)) {
        faults.add("unexpected " + key);
      }
    }
    if (!faults.isEmpty()) {
      throw new InputException(
          "these moments are not of what is trained here: " + String.join("; ", faults));
    }
  }

  /**
   * Checks that a rule goes on with as many moments as it began with.
   *
   * @throws IllegalStateException if not
   */
  public static void momentCount(UpdateRule rule, int kept) {
    if (rule.moments() != kept) {
      throw new IllegalStateException(
          "this rule remembers %d numbers of each element, but %d are kept: load moments of its own"
              .formatted(rule.moments(), kept));
    }
  }

  private static void remaining(String what, FloatBuffer buffer, int count, Shape shape) {
    long needed = (long) count * shape.size();
    if (buffer.remaining() < needed) {
      throw new IllegalArgumentException(
          "%s: %d times %s needs %d numbers, %d remain in the buffer"
              .formatted(what, count, shape, needed, buffer.remaining()));
    }
  }
}
