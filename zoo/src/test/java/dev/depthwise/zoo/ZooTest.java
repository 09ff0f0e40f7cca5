package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.Cost;
import dev.depthwise.network.Graph;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Walks the registry: a new architecture is tested the moment it is listed. */
class ZooTest {
  /** An architecture in one of its styles. */
  record Entry(Architecture architecture, Style style) {
    Graph graph(Options options) {
      return architecture.graph(options.withStyle(style));
    }

    @Override
    public String toString() {
      return architecture.id() + " " + style;
    }
  }

  static Stream<Entry> entries() {
    return Zoo.architectures().stream()
        .flatMap(
            architecture ->
                architecture.styles().stream().map(style -> new Entry(architecture, style)));
  }

  private static final Options DEFAULTS = Options.defaults();

  @ParameterizedTest
  @MethodSource("entries")
  void theDefaultIsThePapers(Entry entry) {
    Graph graph = entry.graph(DEFAULTS);

    assertThat(graph.input().shape()).isEqualTo(entry.architecture().input());
    assertThat(graph.outputs()).containsOnlyKeys("output");
    assertThat(graph.output().shape()).isEqualTo(Shape.of(entry.architecture().classes()));
  }

  @ParameterizedTest
  @MethodSource("entries")
  void anyExtentGivesTheSameParameters(Entry entry) {
    Options without = DEFAULTS.withoutTop(Pooling.NONE);

    assertThat(entry.graph(without.withInput(odd(entry, 3))).parameters())
        .isEqualTo(entry.graph(without).parameters());
  }

  @ParameterizedTest
  @MethodSource("entries")
  void anyChannelsAndClasses(Entry entry) {
    Graph graph = entry.graph(DEFAULTS.withInput(odd(entry, 1)).withClasses(7));

    assertThat(graph.output().shape()).isEqualTo(Shape.of(7));
    assertThat(graph.parameters().keySet())
        .containsExactlyElementsOf(entry.graph(DEFAULTS).parameters().keySet());
  }

  @ParameterizedTest
  @MethodSource("entries")
  void withoutItsTopItEndsInFeatures(Entry entry) {
    Shape features = entry.graph(DEFAULTS.withoutTop(Pooling.NONE)).output().shape();

    assertThat(features.isPicture()).isTrue();
    for (Pooling pooling : List.of(Pooling.AVG, Pooling.MAX)) {
      assertThat(entry.graph(DEFAULTS.withoutTop(pooling)).output().shape())
          .isEqualTo(Shape.of(features.channels()));
    }
  }

  @ParameterizedTest
  @MethodSource("entries")
  void auxiliaryHeadsAreFurtherOutputs(Entry entry) {
    List<String> heads = entry.architecture().traits().auxiliary();
    if (heads.isEmpty()) {
      assertThatThrownBy(() -> entry.graph(DEFAULTS.withAuxiliary()))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("has no auxiliary heads");
    } else {
      Graph graph = entry.graph(DEFAULTS.withAuxiliary().withClasses(7));
      assertThat(graph.outputs()).containsOnlyKeys(with("output", heads));
      assertThat(graph.outputs().values())
          .allSatisfy(value -> assertThat(value.shape()).isEqualTo(Shape.of(7)));
    }
  }

  @ParameterizedTest
  @MethodSource("entries")
  void narrowerNetworksHaveFewerParameters(Entry entry) {
    if (entry.architecture().traits().alphas()) {
      assertThat(Cost.of(entry.graph(DEFAULTS.withAlpha(0.5))).learned())
          .isLessThan(Cost.of(entry.graph(DEFAULTS)).learned());
    } else {
      assertThatThrownBy(() -> entry.graph(DEFAULTS.withAlpha(0.5)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("has no widths to multiply");
    }
  }

  @Test
  void idsAreUniqueAndLowerCase() {
    assertThat(Zoo.architectures())
        .extracting(Architecture::id)
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("[a-z0-9_]+"))
        .contains(
            "resnet18",
            "resnet34",
            "resnet50",
            "resnet101",
            "resnet152",
            "resnet200",
            "resnet20",
            "resnet32",
            "resnet44",
            "resnet56",
            "resnet110",
            "resnet1202",
            "resnet164",
            "resnet1001",
            "plain18",
            "plain20",
            "plain164");
  }

  /** Not square, odd, and for large pictures not so small that stages come to an end. */
  private static Shape odd(Entry entry, int channels) {
    Shape usual = entry.architecture().input();
    return usual.height() > 100
        ? Shape.of(channels, usual.height() - 23, usual.width() + 9)
        : Shape.of(channels, 79, 45);
  }

  private static String[] with(String first, List<String> others) {
    return Stream.concat(Stream.of(first), others.stream()).toArray(String[]::new);
  }

  @Test
  void findsAnIdInAnyCase() {
    assertThat(Zoo.find("ResNet50").id()).isEqualTo("resnet50");
  }

  @Test
  void anUnknownIdSuggestsItsNeighbours() {
    assertThatThrownBy(() -> Zoo.find("resnet51"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("there is no architecture 'resnet51'; did you mean resnet")
        .hasMessageContaining("resnet50");
  }

  @Test
  void aStyleItIsNotKnownIn() {
    assertThatThrownBy(() -> Zoo.find("resnet20").graph(DEFAULTS.withStyle(Style.KERAS)))
        .isInstanceOf(InputException.class)
        .hasMessage("resnet20 is not known in keras style; take torchvision");
  }

  @Test
  void aPlainTwinHasNoShortcutsToChoose() {
    assertThatThrownBy(() -> Zoo.find("plain20").graph(DEFAULTS.withShortcut(Shortcut.A)))
        .isInstanceOf(InputException.class)
        .hasMessage("plain20 has no shortcuts to choose; leave that option out");
  }

  @Test
  void aPictureTooLargeNamesTheLayer() {
    assertThatThrownBy(
            () -> Zoo.find("resnet20").graph(DEFAULTS.withInput(Shape.of(3, 20000, 20000))))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("resnet20 cannot be built for an input of 3x20000x20000: conv1: ")
        .hasMessageEndingWith("is too large; its usual input is 3x32x32");
  }

  @Test
  void channelsThatNoKernelCanHold() {
    assertThatThrownBy(
            () -> Zoo.find("resnet50").graph(DEFAULTS.withInput(Shape.of(1_000_000, 9, 9))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("conv1: a tensor of shape [64, 1000000, 7, 7] is too large");
  }

  @ParameterizedTest
  @CsvSource({"0", "-3", "1000001"})
  void classesOutOfRange(int classes) {
    assertThatThrownBy(() -> DEFAULTS.withClasses(classes))
        .isInstanceOf(InputException.class)
        .hasMessage("the number of classes must be 1 to 1000000, was " + classes);
  }

  @Test
  void anInputThatIsNoPicture() {
    assertThatThrownBy(() -> DEFAULTS.withInput(Shape.of(224, 224)))
        .isInstanceOf(InputException.class)
        .hasMessage("the input must be channels x height x width, such as 3x224x224, was 224x224");
  }

  @Test
  void stylesAndShortcutsAreParsedInAnyCase() {
    assertThat(Style.parse("Keras")).isEqualTo(Style.KERAS);
    assertThat(Shortcut.parse("b")).isEqualTo(Shortcut.B);
    assertThatThrownBy(() -> Style.parse("torchvison"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'torchvison'")
        .hasMessageContaining("torchvision");
    assertThatThrownBy(() -> Shortcut.parse("D"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'D'");
  }

  static long count(Graph graph, Class<?> op, String part) {
    return graph.nodes().stream()
        .filter(node -> op.isInstance(node.op()) && node.name().contains(part))
        .count();
  }
}
