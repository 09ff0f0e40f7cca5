package dev.depthwise.engine;

import static dev.depthwise.engine.Networks.backward;
import static dev.depthwise.engine.Networks.forward;
import static dev.depthwise.engine.Networks.names;
import static dev.depthwise.engine.Networks.training;
import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.hardSwish;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.layerScale;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.relu6;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.engine.Backward.Saved;
import dev.depthwise.network.Block;
import dev.depthwise.network.Op;
import dev.depthwise.network.Role;
import dev.depthwise.network.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which backward steps a network gets, and what they read and write. */
class DifferentiationTest {
  private static final Block THREE =
      chain(conv("first", 4, k(3)), conv("second", 4, k(3)), conv("third", 4, k(3)));

  private static final Block RESIDUAL =
      chain(conv("stem", 4, k(1)), residual(conv("body", 4, k(3)), identity()));

  @Test
  void everyOperationSaysWhatItsDerivativeReads() {
    assertThat(Differentiation.SAVED.keySet())
        .isEqualTo(Set.<Class<?>>of(Op.class.getPermittedSubclasses()));
  }

  @Test
  void backwardStepsRunFromTheLastToTheFirst() {
    assertThat(names(training(THREE).backward())).containsExactly("third", "second", "first");
  }

  @Test
  void theFirstLayerPassesNothingToThePictures() {
    Backward first = backward(training(THREE), "first");

    assertThat(first.inputGradients()).containsExactly((Slot) null);
    assertThat(first.parameterGradients()).containsExactly(Role.KERNEL);
  }

  @Test
  void frozenPartsBelowWhatIsTrainedMakeNoSteps() {
    TrainingOptions options =
        TrainingOptions.batch(2).withTrained(key -> key.node().equals("third"));

    Plan plan = training(THREE, options);

    assertThat(names(plan.backward())).containsExactly("third");
    assertThat(backward(plan, "third").inputGradient()).isNull();
  }

  @Test
  void aFrozenLayerAboveWhatIsTrainedOnlyPassesOnAndDoesNotReadItsInput() {
    TrainingOptions options =
        TrainingOptions.batch(2).withTrained(key -> !key.node().equals("second"));

    Backward second = backward(training(THREE, options), "second");

    assertThat(second.parameterGradients()).isEmpty();
    assertThat(second.inputGradient()).isNotNull();
    assertThat(second.saved()).isEmpty();
  }

  @Test
  void aFrozenLayerScaleDoesNotReadItsInput() {
    Block block = chain(conv("conv", 4, k(3)), layerScale("scale", 1));
    TrainingOptions frozen =
        TrainingOptions.batch(2).withTrained(key -> !key.node().equals("scale"));

    assertThat(backward(training(block, frozen), "scale").saved()).isEmpty();
    assertThat(backward(training(block), "scale").saved()).containsExactly(Saved.INPUTS);
  }

  @Test
  void functionsWhoseDerivativeFollowsFromTheirOutputReadThatAlone() {
    Plan plan = training(chain(conv("conv", 4, k(3)), relu6("relu6"), hardSwish("swish")));

    assertThat(backward(plan, "relu6").saved()).containsExactly(Saved.OUTPUT);
    assertThat(backward(plan, "swish").saved()).containsExactly(Saved.INPUTS);
  }

  @Test
  void whereNothingIsTrainedNothingRunsBackward() {
    assertThat(training(THREE, TrainingOptions.batch(2).withTrained(key -> false)).backward())
        .isEmpty();
  }

  @Test
  void statisticsAreNeverTrained() {
    Plan plan = training(batchNorm("norm", 1e-3, 0.1));

    assertThat(backward(plan, "norm").parameterGradients())
        .containsExactlyInAnyOrder(Role.SCALE, Role.SHIFT);
  }

  @Test
  void theGradientOfAValueWithTwoReadersIsTheirSum() {
    Plan plan = training(RESIDUAL);

    assertThat(names(plan.backward())).containsExactly("body", "stem", "stem");
    Sum sum = (Sum) plan.backward().get(1);
    Slot seed = plan.seeds().values().iterator().next();
    Slot fromBody = backward(plan, "body").inputGradient();
    assertThat(sum.sources()).containsExactlyInAnyOrder(seed, fromBody);
    assertThat(backward(plan, "stem").outputGradient()).isEqualTo(sum.output());
  }

  @Test
  void anAddPassesItsGradientOnWithoutAStep() {
    Plan plan = training(RESIDUAL);

    assertThat(names(plan.backward())).doesNotContain("add");
    assertThat(backward(plan, "body").outputGradient())
        .isEqualTo(plan.seeds().values().iterator().next());
  }

  @Test
  void anAddThatRectifiesMasksOnceForBothOfItsInputs() {
    Plan plan = training(chain(RESIDUAL, relu()));

    Backward add = backward(plan, "add");
    assertThat(add.saved()).containsExactly(Saved.OUTPUT);
    assertThat(add.inputGradients()).hasSize(2).doesNotContainNull();
    assertThat(add.inputGradients().get(0)).isEqualTo(add.inputGradients().get(1));
    assertThat(add.writes()).hasSize(1);
  }

  @Test
  void theGradientTowardsThePicturesIsFoundByItsName() {
    TrainingOptions options =
        TrainingOptions.batch(2).withTrained(key -> false).withGradients(List.of("input"));

    Plan plan = training(THREE, options);

    assertThat(names(plan.backward())).containsExactly("third", "second", "first");
    assertThat(plan.gradients())
        .containsOnlyKeys("input")
        .containsEntry("input", backward(plan, "first").inputGradient());
  }

  @Test
  void towardsAValueInTheMiddleStepsEndThere() {
    TrainingOptions options =
        TrainingOptions.batch(2).withTrained(key -> false).withGradients(List.of("second"));

    Plan plan = training(THREE, options);

    assertThat(names(plan.backward())).containsExactly("third");
    assertThat(plan.gradients()).containsEntry("second", backward(plan, "third").inputGradient());
  }

  @Test
  void theGradientTowardsPicturesWithTwoReadersIsSummed() {
    TrainingOptions options = TrainingOptions.batch(2).withGradients(List.of("input"));

    Plan plan = training(residual(conv("body", 3, k(3)), identity()), options);

    Step last = plan.backward().get(plan.backward().size() - 1);
    assertThat(last).isInstanceOf(Sum.class);
    assertThat(plan.gradients()).containsEntry("input", ((Sum) last).output());
  }

  @Test
  void aValueThatNoOutputDependsOnHasNoGradient() {
    Plan plan = new Plan(slot(0, Slot.Kind.INPUT), List.of(), List.of(), outputs(), none(), none());
    Slot stray = slot(9, Slot.Kind.ACTIVATION);

    assertThatThrownBy(
            () ->
                Differentiation.differentiate(
                    plan, Derivatives.all(), Map.of("stray", stray), new Slots()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no output depends on stray");
  }

  @Test
  void batchNormsWithFrozenStatisticsDoNotTrain() {
    Block norms = chain(batchNorm("frozen", 1e-3, 0.1), batchNorm("free", 1e-3, 0.1));

    Plan plan = training(norms, TrainingOptions.batch(2).withFrozenStatistics("frozen"::equals));

    assertThat(forward(plan, "frozen").training()).isFalse();
    assertThat(forward(plan, "free").training()).isTrue();
    assertThat(backward(plan, "frozen").parameterGradients())
        .containsExactlyInAnyOrder(Role.SCALE, Role.SHIFT);
  }

  private static Slot slot(int id, Slot.Kind kind) {
    return new Slot(id, "slot", Shape.of(1), kind);
  }

  private static Map<String, Slot> outputs() {
    return Map.of("output", slot(0, Slot.Kind.INPUT));
  }

  private static Map<String, Slot> none() {
    return Map.of();
  }
}
