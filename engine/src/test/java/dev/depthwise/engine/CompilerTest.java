package dev.depthwise.engine;

import static dev.depthwise.engine.Networks.model;
import static dev.depthwise.network.Blocks.chain;
import static dev.depthwise.network.Blocks.conv;
import static dev.depthwise.network.Blocks.relu;
import static dev.depthwise.network.Window.k;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Model;
import dev.depthwise.network.Relu;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an engine that lacks an operation says. */
class CompilerTest {
  private static final Model MODEL = model(chain(conv("stem", 4, k(3)), relu("rectifier")));

  @Test
  void aMissingOperationIsNamedWithItsNode() {
    assertThatThrownBy(() -> Compiler.requireOps(MODEL, Set.of(Conv2d.class), "abacus"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("engine abacus has no Relu, which rectifier needs");
  }

  @Test
  void anEngineThatHasAllOperationsPassesAndNeedsNoneForTheInput() {
    assertThatCode(() -> Compiler.requireOps(MODEL, Set.of(Conv2d.class, Relu.class), "abacus"))
        .doesNotThrowAnyException();
  }
}
