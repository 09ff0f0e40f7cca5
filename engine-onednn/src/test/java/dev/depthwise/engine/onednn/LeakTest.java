package dev.depthwise.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Executable;
import dev.depthwise.engine.TrainingExecutable;
import dev.depthwise.engine.TrainingOptions;
import dev.depthwise.network.Blocks;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Weights;
import dev.depthwise.network.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/**
 * What an executable holds goes back to the operating system when it is closed, seen from outside:
 * by the process' resident memory.
 */
class LeakTest {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int WARM_UP = 8;
  private static final int CYCLES = 30;

  /** Far above what the heap and the allocator move by, and a fifth of what a leak would keep. */
  private static final long MOST = 100 << 20;

  private final Model model = model();

  @Test
  void closedExecutablesLeaveNothing() throws IOException {
    requireFlat(
        () -> {
          try (Executable executable =
              new OnednnEngine().compile(model, CompileOptions.batch(16).withThreads(1))) {
            return executable.nativeBytes();
          }
        });
  }

  @Test
  void closedTrainingsLeaveNothing() throws IOException {
    requireFlat(
        () -> {
          try (TrainingExecutable executable =
              new OnednnEngine().compileTraining(model, TrainingOptions.batch(16).withThreads(1))) {
            return executable.nativeBytes();
          }
        });
  }

  private static void requireFlat(LongSupplier cycle) throws IOException {
    assumeThat(STATUS).exists();
    long held = 0;
    for (int i = 0; i < WARM_UP; i++) {
      held = cycle.getAsLong();
    }
    assertThat(CYCLES * held).as("what a leak would keep").isGreaterThan(5 * MOST);
    long before = resident();

    for (int i = 0; i < CYCLES; i++) {
      assertThat(cycle.getAsLong()).as("bytes that one executable says it holds").isEqualTo(held);
    }

    assertThat(resident() - before).as("growth of resident memory").isLessThan(MOST);
  }

  private static long resident() throws IOException {
    System.gc();
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }

  private static Model model() {
    Graph graph =
        Graph.of(
            Shape.of(3, 64, 64),
            Blocks.chain(
                Blocks.conv("conv1", 48, Window.k(3)),
                Blocks.conv("conv2", 48, Window.k(3)),
                Blocks.globalAveragePool("pool"),
                Blocks.dense("classes", 10)));
    Map<Weights.Key, Tensor> tensors = new LinkedHashMap<>();
    graph.parameters().forEach((key, shape) -> tensors.put(key, Tensor.filled(shape, 0.01f)));
    return new Model(graph, new Weights(tensors));
  }
}
