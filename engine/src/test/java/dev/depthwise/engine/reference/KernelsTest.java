package dev.depthwise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.network.Input;
import dev.depthwise.network.Op;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The reference engine, which all others are held against, lacks nothing. */
class KernelsTest {
  @Test
  void everyOperationHasAKernel() {
    Set<Class<?>> operations = new HashSet<>(Set.of(Op.class.getPermittedSubclasses()));
    operations.remove(Input.class);
    assertThat(Kernels.ALL.keySet()).isEqualTo(operations);
  }
}
