package dev.depthwise.engine;

import static dev.depthwise.engine.Networks.model;
import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.repeat;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Block;
import dev.depthwise.network.InputException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is computed twice when memory is bounded. */
class RecomputeTest {
  private static final int BLOCKS = 16;

  /** Residual blocks over one shape. */
  private static Block deep() {
    return chain(
        conv("stem", 4, k(1)),
        repeat(
            BLOCKS,
            index ->
                named(
                    "b" + index,
                    residual(
                        chain(batchNorm("bn", 1e-3, 0.1), relu(), conv("conv", 4, k(3))),
                        identity()))));
  }

  @SuppressWarnings("unused") // every step leaves the same here
  private static long workspaceBytes(Forward step) {
    return 64;
  }

  private static Plan plan(long memory) {
    return Compiler.forTraining(
            model(deep()),
            TrainingOptions.batch(64).withMemory(memory),
            RecomputeTest::workspaceBytes)
        .plan();
  }

  private static long bytes(Plan plan) {
    Map<Slot, Long> sizes = MemoryPlan.sizes(plan, 64, RecomputeTest::workspaceBytes);
    return MemoryPlan.of(plan, slot -> sizes.getOrDefault(slot, 0L), false).bytes();
  }

  private static List<Forward> repeated(Plan plan) {
    return plan.backward().stream()
        .filter(Forward.class::isInstance)
        .map(Forward.class::cast)
        .toList();
  }

  @Test
  void nothingIsRepeatedWhereThereIsEnough() {
    Plan plan = plan(Long.MAX_VALUE);

    assertThat(repeated(plan)).isEmpty();
    assertThat(bytes(plan)).isEqualTo(bytes(plan(0)));
  }

  @Test
  void halfOfTheMemoryIsEnough() {
    long all = bytes(plan(0));

    Plan plan = plan(all / 2);

    assertThat(bytes(plan)).isLessThan(all / 2);
    assertThat(repeated(plan)).isNotEmpty();
  }

  @Test
  void theMoreMemoryTheLessIsRepeated() {
    long all = bytes(plan(0));

    int tight = repeated(plan(all / 2)).size();
    int wide = repeated(plan(all * 4 / 5)).size();

    assertThat(wide).isBetween(1, tight - 1);
  }

  @Test
  void theSumsBetweenBlocksAreKeptAndNotRepeated() {
    Plan plan = plan(bytes(plan(0)) / 2);

    // What a segment ends with is never computed twice; all segments here end with a sum.
    List<String> names = repeated(plan).stream().map(Step::name).toList();
    assertThat(names).doesNotHaveDuplicates().isNotEmpty();
    assertThat(plan.forward().stream().filter(step -> names.contains(step.name())).count())
        .isEqualTo(names.size());
  }

  @Test
  void repeatedNormsSaySoAndComeRightBeforeTheirDerivatives() {
    Plan plan = plan(bytes(plan(0)) / 2);

    for (Forward step : repeated(plan)) {
      assertThat(step.repeated()).isTrue();
      if (step.op() instanceof BatchNorm) {
        assertThat(step.training()).isTrue();
        int at = plan.backward().indexOf(step);
        assertThat(plan.backward().subList(at, plan.backward().size()))
            .anyMatch(
                later ->
                    later instanceof Backward derivative
                        && derivative.forward().output().equals(step.output()));
      }
    }
    assertThat(plan.forward()).noneMatch(Forward::repeated);
  }

  @Test
  void tooLittleIsRefusedWithWhatIsMissing() {
    assertThatThrownBy(() -> plan(1000))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("1 MB more are needed")
        .hasMessageContaining("take a smaller batch");
  }
}
