package dev.depthwise.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.depthwise.network.InputException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a network says of one picture.
 *
 * @param rank how many classes it holds likelier than the right one
 * @param loss cross entropy, in nats
 * @param probability of the likeliest class
 * @param first the likeliest classes (indices of the output), at most five
 * @param fault why the picture could not be read, in which case the others say nothing
 */
record Scored(
    int rank, double loss, double probability, List<Integer> first, @Nullable String fault) {
  private static final int MOST = 5;

  Scored {
    first = List.copyOf(first);
  }

  /** A picture that could not be read. */
  static Scored unreadable(String fault) {
    return new Scored(0, 0, 0, List.of(), fault);
  }

  /**
   * Reads the answer to a picture; of equal scores the first class is the likelier, as everywhere.
   *
   * @param logits one of each class, from an index
   * @param label the right class
   * @param title what an error calls the picture
   * @throws InputException if a score is no number
   */
  static Scored of(FloatBuffer logits, int from, int classes, int label, String title) {
    List<Integer> first = new ArrayList<>();
    float own = logits.get(from + label);
    int rank = 0;
    for (int index = 0; index < classes; index++) {
      float score = logits.get(from + index);
      if (!Float.isFinite(score)) {
        throw new InputException(
            "%s: the network's score of class %d is %s; are these its weights?"
                .formatted(title, index, score));
      }
      rank += score > own || (score == own && index < label) ? 1 : 0;
      int place = first.size();
      while (place > 0 && score > logits.get(from + first.get(place - 1))) {
        place--;
      }
      if (place < MOST) {
        first.add(place, index);
        if (first.size() > MOST) {
          first.remove(MOST);
        }
      }
    }
    double largest = logits.get(from + first.get(0));
    double sum = 0;
    for (int index = 0; index < classes; index++) {
      sum += StrictMath.exp(logits.get(from + index) - largest);
    }
    return new Scored(rank, largest + StrictMath.log(sum) - own, 1 / sum, first, null);
  }

  /** Whether the picture could be read. */
  boolean isReadable() {
    return fault == null;
  }

  /** As it stands in a file. */
  Object toJson() {
    return fault == null ? List.of(rank, loss, probability, first) : fault;
  }

  /**
   * What {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static Scored of(JsonNode json) {
    if (json.isTextual()) {
      return unreadable(json.asText());
    }
    boolean right =
        json.size() == 4
            && json.get(0).isInt()
            && json.get(1).isNumber()
            && json.get(2).isNumber()
            && json.get(3).isArray();
    if (!right) {
      throw new IllegalArgumentException("no score of a picture: " + json);
    }
    List<Integer> first = new ArrayList<>();
    json.get(3).forEach(index -> first.add(index.asInt()));
    return new Scored(
        json.get(0).asInt(), json.get(1).asDouble(), json.get(2).asDouble(), first, null);
  }
}
