package dev.depthwise.interchange;

import dev.depthwise.interchange.OnnxValue.Integers;
import dev.depthwise.interchange.OnnxValue.Numbers;
import dev.depthwise.interchange.OnnxValue.Traced;
import dev.depthwise.weights.OnnxGraph;
import dev.depthwise.weights.OnnxGraph.Attribute;
import dev.depthwise.weights.Text;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A node of an ONNX graph with what its inputs are.
 *
 * @param opset the version of the operators
 * @param name for what it becomes here
 * @param inputs none for one that is left out
 * @param isOwn whether a name is of what a layer with weights makes, for one reader alone
 */
record OnnxUse(
    OnnxGraph.Node node,
    long opset,
    String name,
    List<Optional<OnnxValue>> inputs,
    Predicate<String> isOwn) {
  OnnxUse {
    inputs = List.copyOf(inputs);
  }

  boolean hasInput(int index) {
    return index < inputs.size() && inputs.get(index).isPresent();
  }

  OnnxValue input(int index) {
    if (!hasInput(index)) {
      throw new Unsupported("lacks its input " + (index + 1));
    }
    return inputs.get(index).orElseThrow();
  }

  /** An input that depends on the picture. */
  Flow flow(int index) {
    if (input(index) instanceof Traced traced) {
      return traced.flow();
    }
    throw new Unsupported(
        "takes %s as its input %d; what depends on the picture can be read"
            .formatted(input(index).extent(), index + 1));
  }

  /** An input that is known. */
  Numbers numbers(int index) {
    if (input(index) instanceof Numbers numbers) {
      return numbers;
    }
    throw new Unsupported(
        "takes %s as its input %d; weights that are known can be read"
            .formatted(
                input(index) instanceof Integers ? "integers" : "what it computes", index + 1));
  }

  /** An input that is one known number. */
  double number(int index) {
    Numbers numbers = numbers(index);
    if (numbers.size() != 1) {
      throw new Unsupported("takes %s instead of a number".formatted(numbers.extent()));
    }
    return numbers.array()[0];
  }

  /** Integers that are an attribute in older sets of operators, and an input in newer ones. */
  Optional<long[]> integers(String attribute, int index) {
    if (hasInput(index)) {
      if (input(index) instanceof Integers integers) {
        return Optional.of(integers.array());
      }
      throw new Unsupported(
          "takes %s that are not known before it runs".formatted(Text.clean(attribute)));
    }
    return integers(attribute);
  }

  /** The integers of an attribute. */
  Optional<long[]> integers(String attribute) {
    return attribute(attribute)
        .map(said -> said.integers().stream().mapToLong(Long::longValue).toArray());
  }

  Optional<Attribute> attribute(String attribute) {
    Optional<Attribute> said = Optional.ofNullable(node.attributes().get(attribute));
    if (said.isPresent() && said.get().hasGraph()) {
      throw new Unsupported("holds a graph of its own");
    }
    return said;
  }

  long integer(String attribute, long usual) {
    return attribute(attribute).map(Attribute::integer).orElse(usual);
  }

  double real(String attribute, double usual) {
    return attribute(attribute).map(Attribute::number).orElse(usual);
  }

  String text(String attribute, String usual) {
    return attribute(attribute).map(said -> said.text().toLowerCase(Locale.ROOT)).orElse(usual);
  }

  /** An axis that may be counted from the end, of as many. */
  static int axis(long said, int rank) {
    long axis = said < 0 ? said + rank : said;
    if (axis < 0 || axis >= rank) {
      throw new Unsupported("works along axis %d of %d".formatted(said, rank));
    }
    return (int) axis;
  }

  /** An axis of a flow, which must not be that of the batch: counted without it. */
  static int axis(long said, Flow flow) {
    int axis = axis(said, flow.dimensions().size() + 1);
    if (axis == 0) {
      throw new Unsupported("works along the pictures of a batch");
    }
    return axis - 1;
  }

  /** Whether an input is what a layer with weights makes for this node and nobody else. */
  boolean isOnlyReader(int index) {
    return isOwn.test(node.inputs().get(index));
  }
}
