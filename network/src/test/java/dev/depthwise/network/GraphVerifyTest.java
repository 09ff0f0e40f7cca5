package dev.depthwise.network;

import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A graph put together by hand is refused, fault by fault. */
class GraphVerifyTest {
  private static final Shape PICTURE = Shape.of(3, 8, 8);
  private static final Value IN = new Value(0, PICTURE);
  private static final Value ONE = new Value(1, PICTURE);
  private static final Value TWO = new Value(2, PICTURE);
  private static final Node INPUT = new Node("input", new Input(PICTURE), List.of(), IN);

  private static Node relu(String name, Value from, Value to) {
    return new Node(name, new Relu(), List.of(from), to);
  }

  private static void refused(String fault, Value output, Node... nodes) {
    assertThatThrownBy(() -> new Graph(List.of(nodes), Map.of("output", output), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(fault);
  }

  @Test
  void aSoundGraphPasses() {
    assertThatCode(
            () ->
                new Graph(
                    List.of(INPUT, relu("a", IN, ONE), relu("b", ONE, TWO)),
                    Map.of("output", TWO),
                    Map.of("middle", ONE)))
        .doesNotThrowAnyException();
  }

  @Test
  void noNodes() {
    refused("the first node must be input", IN);
  }

  @Test
  void noInput() {
    refused("the first node must be input", IN, relu("a", IN, IN));
  }

  @Test
  void aSecondInput() {
    refused(
        "again is a second input",
        ONE,
        INPUT,
        new Node("again", new Input(PICTURE), List.of(), ONE));
  }

  @Test
  void noOutput() {
    assertThatThrownBy(() -> new Graph(List.of(INPUT), Map.of(), Map.of()))
        .hasMessage("a network needs an output");
  }

  @Test
  void aNameUsedTwice() {
    refused("two nodes are named a", TWO, INPUT, relu("a", IN, ONE), relu("a", ONE, TWO));
  }

  @Test
  void aValueOfTheWrongNode() {
    refused("a makes value 2 but is node 1", TWO, INPUT, relu("a", IN, TWO));
  }

  @Test
  void aLaterValue() {
    refused(
        "a reads a value that is not made before it",
        TWO,
        INPUT,
        relu("a", TWO, ONE),
        relu("b", ONE, TWO));
  }

  @Test
  void itsOwnValue() {
    refused("a reads a value that is not made before it", ONE, INPUT, relu("a", ONE, ONE));
  }

  @Test
  void aValueThatNoNodeMakes() {
    Shape other = Shape.of(3, 9, 9);
    refused(
        "a reads a value that no node makes: Value[index=0, shape=3x9x9]",
        new Value(1, other),
        INPUT,
        relu("a", new Value(0, other), new Value(1, other)));
  }

  @Test
  void aNegativeValue() {
    refused(
        "a reads a value that no node makes: Value[index=-1, shape=3x8x8]",
        ONE,
        INPUT,
        relu("a", new Value(-1, PICTURE), ONE));
  }

  @Test
  void aShapeThatTheOperationDoesNotMake() {
    Value wrong = new Value(1, Shape.of(3, 4, 4));
    refused("a says it makes 3x4x4, but makes 3x8x8", wrong, INPUT, relu("a", IN, wrong));
  }

  @Test
  void inputsThatDoNotFit() {
    refused(
        "sum: add needs two inputs, got 1",
        ONE,
        INPUT,
        new Node("sum", new Add(), List.of(IN), ONE));
  }

  @Test
  void aParameterTooLargeForATensor() {
    Value units = new Value(2, Shape.of(1_000_000_000));
    refused(
        "fc: a tensor of shape [1000000000, 192] is too large",
        units,
        INPUT,
        new Node(
            "flatten", new Flatten(Flatten.Order.CHW), List.of(IN), new Value(1, Shape.of(192))),
        new Node(
            "fc", new Dense(1_000_000_000, true), List.of(new Value(1, Shape.of(192))), units));
  }

  @Test
  void anOutputThatNoNodeMakes() {
    refused(
        "output output is a value that no node makes: Value[index=7, shape=3x8x8]",
        new Value(7, PICTURE),
        INPUT);
  }

  @Test
  void aTapThatNoNodeMakes() {
    assertThatThrownBy(
            () ->
                new Graph(
                    List.of(INPUT),
                    Map.of("output", IN),
                    Map.of("side", new Value(0, Shape.of(1, 8, 8)))))
        .hasMessage("tap side is a value that no node makes: Value[index=0, shape=1x8x8]");
  }

  @Test
  void aDeadNode() {
    refused("no output needs b: it is dead", ONE, INPUT, relu("a", IN, ONE), relu("b", IN, TWO));
  }

  @Test
  void aDeadNodeThatIsOnlyTapped() {
    assertThatThrownBy(
            () ->
                new Graph(
                    List.of(INPUT, relu("a", IN, ONE), relu("b", IN, TWO)),
                    Map.of("output", ONE),
                    Map.of("side", TWO)))
        .hasMessage("no output needs b: it is dead");
  }

  @Test
  void aNodeWithoutAName() {
    assertThatThrownBy(() -> new Node("", new Conv2d(1, k(1).pad(0), 1, false), List.of(IN), ONE))
        .hasMessage("a node needs a name");
  }
}
