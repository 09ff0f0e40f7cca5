package dev.depthwise.engine;

import static dev.depthwise.engine.Networks.forward;
import static dev.depthwise.engine.Networks.inference;
import static dev.depthwise.engine.Networks.model;
import static dev.depthwise.engine.Networks.names;
import static dev.depthwise.engine.Networks.training;
import static dev.depthwise.network.Blocks.activation;
import static dev.depthwise.network.Blocks.batchNorm;
import static dev.depthwise.network.Blocks.branches;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.dense;
import static dev.depthwise.network.Blocks.flatten;
import static dev.depthwise.network.Blocks.hardSwish;
import static dev.depthwise.network.Blocks.identity;
import static dev.depthwise.network.Blocks.maxPool;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Blocks.residual;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.network.Activation;
import dev.depthwise.network.Block;
import dev.depthwise.network.Relu;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which steps apply the function that follows them. */
class FuseActivationTest {
  private static final Block CONV = of("conv", relu());
  private static final Block NORM = of("norm", relu());

  @ParameterizedTest
  @ValueSource(strings = {"conv", "norm", "add", "dense"})
  void inInferenceAHostRectifiesItself(String host) {
    Plan plan = inference(of(host));

    assertThat(names(plan.forward())).doesNotContain("relu").endsWith(host);
    assertThat(forward(plan, host).activation()).isEqualTo(new Relu());
    assertThat(plan.outputs()).containsEntry("output", forward(plan, host).output());
  }

  @ParameterizedTest
  @ValueSource(strings = {"conv", "add", "dense"})
  void inInferenceAHostAppliesAnyFunction(String host) {
    Activation swish = new Activation(Activation.Function.SWISH, 1);

    Plan plan = inference(of(host, activation("swish", swish)));

    assertThat(names(plan.forward())).doesNotContain("swish").endsWith(host);
    assertThat(forward(plan, host).activation()).isEqualTo(swish);
  }

  @Test
  void aNormAppliesOnlyTheRectifier() {
    assertThat(names(inference(of("norm", hardSwish("act"))).forward()))
        .containsExactly("norm", "act");
  }

  @ParameterizedTest
  @ValueSource(strings = {"conv", "norm", "add", "dense"})
  void inTrainingOtherFunctionsStayByThemselves(String host) {
    assertThat(names(training(of(host, hardSwish("act"))).forward())).endsWith(host, "act");
  }

  @ParameterizedTest
  @ValueSource(strings = {"norm", "add"})
  void inTrainingWhatHasADerivativeOfThePairDoes(String host) {
    assertThat(names(training(of(host)).forward())).containsExactly(host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"conv", "dense"})
  void inTrainingTheOthersDoNot(String host) {
    assertThat(names(training(of(host)).forward())).endsWith(host, "relu");
  }

  @Test
  void aPoolDoesNotRectify() {
    assertThat(names(inference(chain(maxPool("pool", k(3)), relu())).forward()))
        .containsExactly("pool", "relu");
  }

  @Test
  void thePicturesAreRectifiedByAStep() {
    assertThat(names(inference(relu()).forward())).containsExactly("relu");
  }

  @Test
  void aValueThatIsAnOutputStaysAsItWas() {
    CompileOptions options = CompileOptions.batch(2).withOutputs(List.of("output", "conv"));

    Plan plan = Compiler.forInference(model(CONV), options).plan();

    assertThat(names(plan.forward())).containsExactly("conv", "relu");
  }

  @Test
  void aValueWithAnotherReaderStaysAsItWas() {
    Plan plan = inference(chain(conv("conv", 4, k(3)), branches(relu(), identity())));

    assertThat(names(plan.forward())).containsExactly("conv", "relu", "concat");
  }

  @Test
  void aValueWhoseGradientIsAskedForStaysAsItWas() {
    TrainingOptions options = TrainingOptions.batch(2).withGradients(List.of("norm"));

    assertThat(names(training(NORM, options).forward())).containsExactly("norm", "relu");
  }

  @Test
  void onlyTheFirstOfTwoRectifiersIsTakenOver() {
    assertThat(names(inference(chain(CONV, relu("again"))).forward()))
        .containsExactly("conv", "again");
  }

  private static Block of(String host) {
    return of(host, relu());
  }

  private static Block of(String host, Block function) {
    return switch (host) {
      case "conv" -> chain(conv("conv", 4, k(3)), function);
      case "norm" -> chain(batchNorm("norm", 1e-3, 0.1), function);
      case "add" -> chain(residual(identity(), identity()), function);
      case "dense" -> chain(flatten(), dense("dense", 5), function);
      default -> throw new IllegalArgumentException(host);
    };
  }
}
