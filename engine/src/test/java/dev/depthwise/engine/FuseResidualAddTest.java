package dev.depthwise.engine;

import static dev.depthwise.engine.Networks.forward;
import static dev.depthwise.engine.Networks.inference;
import static dev.depthwise.engine.Networks.model;
import static dev.depthwise.engine.Networks.names;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.named;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.network.Add;
import dev.depthwise.network.Block;
import dev.depthwise.network.Relu;
import dev.depthwise.network.Scope;
import dev.depthwise.network.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which sums a convolution takes over. */
class FuseResidualAddTest {
  private static final Block STEM = conv("stem", 4, k(1));
  private static final Block BODY =
      named("body", conv("one", 4, k(3)), relu(), conv("two", 4, k(3)));

  @Test
  void theLastConvolutionOfABodyAddsTheShortcut() {
    Plan plan = inference(chain(STEM, residual(BODY, identity())));

    assertThat(names(plan.forward())).containsExactly("stem", "body.one", "body.two");
    Forward last = forward(plan, "body.two");
    assertThat(last.addend()).isEqualTo(forward(plan, "stem").output());
    assertThat(plan.outputs()).containsEntry("output", last.output());
  }

  @Test
  void theProjectionRunsLastSoItAddsTheBody() {
    Plan plan = inference(chain(STEM, residual(BODY, conv("projection", 4, k(1)))));

    assertThat(names(plan.forward())).containsExactly("stem", "body.one", "body.two", "projection");
    assertThat(forward(plan, "projection").addend()).isEqualTo(forward(plan, "body.two").output());
  }

  @Test
  void theRectifierBehindTheSumFollowsIt() {
    Plan plan = inference(chain(STEM, residual(BODY, identity()), relu()));

    assertThat(names(plan.forward())).containsExactly("stem", "body.one", "body.two");
    assertThat(forward(plan, "body.two").addend()).isNotNull();
    assertThat(forward(plan, "body.two").activation()).isEqualTo(new Relu());
  }

  @Test
  void thePicturesAreNeverOverwritten() {
    unfused(inference(residual(conv("body", 3, k(3)), identity())));
  }

  @Test
  void aBodyThatIsAnOutputStaysAsItIs() {
    unfused(withOutputs(chain(STEM, residual(BODY, identity())), "body.two"));
  }

  @Test
  void aShortcutThatIsAnOutputStaysAsItIs() {
    unfused(withOutputs(chain(STEM, residual(BODY, identity())), "stem"));
  }

  @Test
  void aBodyWithAnotherReaderStaysAsItIs() {
    unfused(
        inference(
            (scope, input) -> {
              Value stem = STEM.apply(scope, input);
              Value body = BODY.apply(scope, stem);
              Value sum = scope.child("add").emit(new Add(), body, stem);
              return scope.child("again").emit(new Add(), pooled(scope, sum), body);
            }));
  }

  @Test
  void aShortcutThatIsReadLaterStaysAsItIs() {
    unfused(
        inference(
            (scope, input) -> {
              Value stem = STEM.apply(scope, input);
              Value body = BODY.apply(scope, stem);
              Value sum = scope.child("add").emit(new Add(), body, stem);
              return scope.child("again").emit(new Add(), pooled(scope, sum), stem);
            }));
  }

  @Test
  void aConvolutionOfTheShortcutItselfCannotWriteOverIt() {
    unfused(inference(chain(STEM, residual(conv("body", 4, k(3)), identity()))));
  }

  @Test
  void aBodyThatDoesNotEndInAConvolutionKeepsTheSum() {
    unfused(inference(chain(STEM, residual(chain(BODY, maxPool("pool", k(3))), identity()))));
  }

  @Test
  void aValueAddedToItselfKeepsTheSum() {
    unfused(inference(chain(STEM, residual(identity(), identity()))));
  }

  private static Value pooled(Scope scope, Value value) {
    return maxPool("pool", k(3)).apply(scope, value);
  }

  private static Plan withOutputs(Block block, String other) {
    CompileOptions options = CompileOptions.batch(2).withOutputs(List.of("output", other));
    return Compiler.forInference(model(block), options).plan();
  }

  private static void unfused(Plan plan) {
    assertThat(names(plan.forward())).contains("add");
    assertThat(plan.forward()).allSatisfy(step -> assertThat(step.addend()).isNull());
  }
}
