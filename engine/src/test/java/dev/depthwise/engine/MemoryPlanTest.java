package dev.depthwise.engine;

import static dev.depthwise.engine.MemoryPlan.ALIGNMENT;
import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.branches;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dropout;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.repeat;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.Block;
import dev.depthwise.network.Randomness;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Softmax;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the slots of random residual networks lie. */
class MemoryPlanTest {
  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  /**
   * A slot's life, counted in half steps: step {@code i} runs at {@code 2 i}, and the seeds are
   * written between two steps.
   */
  private record Life(Slot slot, int born, int dies) {
    boolean meets(Life other) {
      return born <= other.dies && other.born <= dies;
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void inInferenceNoTwoLivingSlotsShareBytes(long seed) {
    assertSound(Networks.inference(network(seed)));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void inTrainingNoTwoLivingSlotsShareBytes(long seed) {
    TrainingOptions options = TrainingOptions.batch(2).withGradients(List.of("input"));

    assertSound(Networks.training(network(seed), options));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void withGuardsAllSlotsLieApart(long seed) {
    assertApart(Networks.inference(network(seed)));
    assertApart(Networks.training(network(seed)));
  }

  @Test
  void aChainOfConvolutionsNeedsTwoPlaces() {
    Plan plan = Networks.inference(repeat(6, index -> conv("conv" + index, 3, k(3))));

    assertThat(MemoryPlan.of(plan, MemoryPlanTest::bytes, false).bytes())
        .isEqualTo(2 * align(bytes(plan.input())));
  }

  @Test
  void aChainOfRectifiersNeedsOnePlace() {
    Plan plan = Networks.inference(repeat(6, index -> relu("relu" + index)));

    assertThat(MemoryPlan.of(plan, MemoryPlanTest::bytes, false).bytes())
        .isEqualTo(align(bytes(plan.input())));
  }

  @Test
  void aSumThatAConvolutionTakesOverLiesInTheShortcutsPlaceEvenWithGuards() {
    Block body = chain(conv("one", 4, k(3)), conv("two", 4, k(3)));
    Plan plan = Networks.inference(chain(conv("stem", 4, k(1)), residual(body, identity())));
    Forward last = Networks.forward(plan, "two");
    Slot stem = Networks.forward(plan, "stem").output();

    for (boolean guards : new boolean[] {false, true}) {
      MemoryPlan memory = MemoryPlan.of(plan, MemoryPlanTest::bytes, guards);
      assertThat(memory.offset(last.output())).isEqualTo(memory.offset(stem));
    }
  }

  @Test
  void anAddendThatIsReadLaterIsRefused() {
    Slot input = new Slot(0, "input", Shape.of(3), Slot.Kind.INPUT);
    Slot stem = new Slot(1, "stem", Shape.of(3), Slot.Kind.ACTIVATION);
    Slot sum = new Slot(2, "sum", Shape.of(3), Slot.Kind.ACTIVATION);
    Forward first = step("stem", input, stem);
    Forward second = step("body", input, sum).withAddend(stem, sum);
    Plan plan =
        new Plan(
            input,
            List.of(first, second),
            List.of(),
            Map.of("output", sum, "stem", stem),
            Map.of(),
            Map.of());

    assertThatThrownBy(() -> MemoryPlan.of(plan, MemoryPlanTest::bytes, false))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("body: somebody still reads");
  }

  @Test
  void aSlotOfAnotherPlanHasNoPlace() {
    MemoryPlan memory = MemoryPlan.of(Networks.inference(relu()), MemoryPlanTest::bytes, false);
    Slot stranger = new Slot(99, "stranger", Shape.of(3), Slot.Kind.ACTIVATION);

    assertThatThrownBy(() -> memory.offset(stranger))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("this plan has no %99:stranger[3]");
  }

  private static Forward step(String name, Slot input, Slot output) {
    return new Forward(name, new Softmax(), List.of(input), null, output, false, null, null, false);
  }

  private static void assertSound(Plan plan) {
    MemoryPlan memory = MemoryPlan.of(plan, MemoryPlanTest::bytes, false);
    List<Life> lives = lives(plan);
    assertThat(memory.offsets()).hasSameSizeAs(lives);
    long sum = 0;
    for (Life life : lives) {
      long offset = memory.offset(life.slot());
      assertThat(offset).isNotNegative();
      assertThat(offset % ALIGNMENT).isZero();
      assertThat(offset + bytes(life.slot())).isLessThanOrEqualTo(memory.bytes());
      sum += align(bytes(life.slot()));
    }
    assertThat(memory.bytes()).isLessThanOrEqualTo(sum);
    for (int index = 0; index < lives.size(); index++) {
      for (Life other : lives.subList(0, index)) {
        Life life = lives.get(index);
        if (life.meets(other) && share(memory, life.slot(), other.slot())) {
          assertThat(overlays(plan, memory, life, other) || overlays(plan, memory, other, life))
              .as("%s and %s are alive together and share bytes in%n%s", life, other, plan)
              .isTrue();
        }
      }
    }
  }

  private static void assertApart(Plan plan) {
    MemoryPlan memory = MemoryPlan.of(plan, MemoryPlanTest::bytes, true);
    Map<Slot, Slot> addends = new HashMap<>();
    for (Forward step : plan.forward()) {
      if (step.addend() != null) {
        addends.put(step.output(), step.addend());
      }
    }
    List<Life> lives = lives(plan);
    for (int index = 0; index < lives.size(); index++) {
      Slot slot = lives.get(index).slot();
      assertThat(memory.offset(slot)).isGreaterThanOrEqualTo(ALIGNMENT);
      assertThat(memory.offset(slot) + bytes(slot) + ALIGNMENT).isLessThanOrEqualTo(memory.bytes());
      for (Life other : lives.subList(0, index)) {
        if (!host(addends, slot).equals(host(addends, other.slot()))) {
          assertThat(gap(memory, slot, other.slot()))
              .as("%s and %s", slot, other.slot())
              .isGreaterThanOrEqualTo(ALIGNMENT);
        }
      }
    }
  }

  /** The slot in whose place this one lies, through any number of fused sums. */
  private static Slot host(Map<Slot, Slot> addends, Slot slot) {
    Slot host = slot;
    for (Slot under = addends.get(host); under != null; under = addends.get(host)) {
      host = under;
    }
    return host;
  }

  /** Whether the step that makes the upper slot may write it exactly over the lower one. */
  private static boolean overlays(Plan plan, MemoryPlan memory, Life upper, Life lower) {
    return upper.slot().kind() != Slot.Kind.WORKSPACE
        && upper.born() == lower.dies()
        && upper.born() % 2 == 0
        && plan.steps().get(upper.born() / 2).overlays().contains(lower.slot())
        && memory.offset(upper.slot()) == memory.offset(lower.slot())
        && bytes(upper.slot()) == bytes(lower.slot());
  }

  private static boolean share(MemoryPlan memory, Slot one, Slot other) {
    return gap(memory, one, other) < 0;
  }

  private static long gap(MemoryPlan memory, Slot one, Slot other) {
    return Math.max(
        memory.offset(one) - memory.offset(other) - bytes(other),
        memory.offset(other) - memory.offset(one) - bytes(one));
  }

  private static List<Life> lives(Plan plan) {
    Map<Slot, Integer> born = new HashMap<>();
    Map<Slot, Integer> dies = new HashMap<>();
    born.put(plan.input(), -2);
    plan.seeds().values().forEach(slot -> born.put(slot, 2 * plan.forward().size() - 1));
    for (int index = 0; index < plan.steps().size(); index++) {
      Step step = plan.steps().get(index);
      for (Slot slot : step.reads()) {
        dies.put(slot, 2 * index);
      }
      for (Slot slot : step.writes()) {
        born.put(slot, 2 * index);
      }
    }
    plan.outputs().values().forEach(slot -> dies.put(slot, Integer.MAX_VALUE));
    plan.gradients().values().forEach(slot -> dies.put(slot, Integer.MAX_VALUE));
    List<Life> lives = new ArrayList<>();
    born.forEach((slot, from) -> lives.add(new Life(slot, from, dies.getOrDefault(slot, from))));
    return lives;
  }

  /** Workspaces are odd in size, as masks are. */
  private static long bytes(Slot slot) {
    long numbers = 2L * slot.shape().size();
    return slot.kind() == Slot.Kind.WORKSPACE ? numbers + 1 : numbers * Float.BYTES;
  }

  private static long align(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static Block network(long seed) {
    int parts = 2 + Randomness.below(seed, 0, 8);
    return repeat(parts, index -> named("part" + index, part(Randomness.key(seed, index))));
  }

  private static Block part(long key) {
    int channels = 1 + Randomness.below(key, 0, 5);
    Block layer = chain(conv("conv", channels, k(3)), batchNorm("norm", 1e-3, 0.1), relu());
    Block body = chain(layer, conv("last", channels, k(1)));
    return switch (Randomness.below(key, 1, 7)) {
      case 0 -> layer;
      case 1 -> residual(body, conv("projection", channels, k(1)));
      case 2 -> residual(same(), identity());
      case 3 -> chain(residual(same(), identity()), relu());
      case 4 -> branches(layer, identity());
      case 5 -> chain(relu(), dropout("drop", 0.5));
      case 6 -> residual(maxPool("pool", k(3)), chain(relu("first"), relu("second")));
      default -> throw new AssertionError();
    };
  }

  /** A body that keeps the number of channels, and so can have an identity beside it. */
  private static Block same() {
    return (scope, input) ->
        chain(
                conv("one", 2, k(1)),
                batchNorm("norm", 1e-3, 0.1),
                relu(),
                conv("two", input.shape().channels(), k(3)))
            .apply(scope, input);
  }
}
