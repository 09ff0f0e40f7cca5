package dev.depthwise.engine;

import dev.depthwise.engine.Backward.Saved;
import dev.depthwise.network.BatchNorm;
import dev.depthwise.network.Dropout;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Input;
import dev.depthwise.network.Model;
import dev.depthwise.network.Node;
import dev.depthwise.network.Op;
import dev.depthwise.network.Shape;
import dev.depthwise.network.StochasticDepth;
import dev.depthwise.network.Tensor;
import dev.depthwise.network.Value;
import dev.depthwise.network.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * From a network to a plan: the recipe that all engines share, as visible lists.
 *
 * <p>Every graph and every plan verifies itself when it is made, so each pass is checked.
 */
public final class Compiler {
  private static final List<ModelPass> INFERENCE =
      List.of(new DropIdentities(), new FoldPadding(Set.of()), new FoldAffine());

  private static final List<PlanPass> INFERENCE_FUSION =
      List.of(new FuseResidualAdd(), FuseActivation.forInference());

  private Compiler() {}

  /**
   * A plan, and the numbers it runs with.
   *
   * @param model after the passes
   * @param plan its steps, whose names are the model's nodes
   */
  public record Compiled(Model model, Plan plan) {}

  /** Compiles for inference. */
  public static Compiled forInference(Model model, CompileOptions options) {
    Model current = simplify(model, options);
    Lowering lowering = new Lowering(current.graph(), false, node -> true);
    Plan plan = fuse(lowering.plan(), INFERENCE_FUSION, options.watcher());
    return new Compiled(current, plan);
  }

  /** The passes over the network alone: what new weights go through before they are loaded. */
  public static Model simplify(Model model, CompileOptions options) {
    Model current = choose(model, options.outputs());
    for (ModelPass pass : INFERENCE) {
      current = apply(pass, current, options.watcher());
    }
    return current;
  }

  private static Model apply(ModelPass pass, Model model, CompileWatcher watcher) {
    Model result = pass.apply(model);
    watcher.after(pass.passName(), result.graph());
    return result;
  }

  /**
   * Compiles for training: forward, backward, and what is kept between them.
   *
   * @param workspaceBytes what a forward step leaves for its backward step on the engine in
   *     question, for the whole batch; asked only where memory is bounded
   * @throws dev.depthwise.network.InputException if the memory does not suffice
   */
  public static Compiled forTraining(
      Model model, TrainingOptions options, ToLongFunction<Forward> workspaceBytes) {
    Derivatives derivatives = options.derivatives();
    Model current = choose(model, options.outputs());
    if (!options.random()) {
      current = apply(new DropIdentities(), current, options.watcher());
    }
    Set<Value> kept =
        derivatives.values().stream().map(current.graph()::value).collect(Collectors.toSet());
    current = apply(new FoldPadding(kept), current, options.watcher());
    Lowering lowering = new Lowering(current.graph(), true, options.frozenStatistics());
    Plan lowered = lowering.plan();
    Map<String, Slot> wanted = new LinkedHashMap<>();
    for (String name : derivatives.values()) {
      wanted.put(name, lowering.slot(name));
    }
    List<PlanPass> fusion =
        derivatives.reluRule() == ReluRule.PLAIN
            ? List.of(FuseActivation.forTraining(Set.copyOf(wanted.values())))
            : List.of();
    Plan forward = fuse(lowered, fusion, options.watcher());
    Plan plan = Differentiation.differentiate(forward, derivatives, wanted, lowering.slots);
    options.watcher().after("Differentiation", plan);
    if (options.memory() > 0) {
      plan =
          new Recompute(plan, options.batch(), workspaceBytes, lowering.slots)
              .within(options.memory() - parameterBytes(current.graph(), derivatives));
      options.watcher().after("Recompute", plan);
    }
    return new Compiled(current, plan);
  }

  /** Bytes of the parameters and of their gradients. */
  private static long parameterBytes(Graph graph, Derivatives derivatives) {
    long bytes = 0;
    for (Map.Entry<Weights.Key, Shape> parameter : graph.parameters().entrySet()) {
      Weights.Key key = parameter.getKey();
      boolean trained = key.role().isLearned() && derivatives.trained().test(key);
      bytes += (trained ? 2L : 1L) * parameter.getValue().size() * Float.BYTES;
    }
    return bytes;
  }

  /** Refuses a plan that has an operation which an engine lacks. */
  public static void requireOps(Model model, Set<Class<? extends Op>> supported, String engine) {
    for (Node node : model.graph().nodes()) {
      if (!(node.op() instanceof Input) && !supported.contains(node.op().getClass())) {
        throw new IllegalArgumentException(
            "engine %s has no %s, which %s needs"
                .formatted(engine, node.op().getClass().getSimpleName(), node.name()));
      }
    }
  }

  private static Model choose(Model model, List<String> outputs) {
    if (outputs.isEmpty()) {
      return model;
    }
    Graph chosen = model.graph().withOutputs(outputs);
    Map<Weights.Key, Tensor> kept = new LinkedHashMap<>();
    chosen.parameters().keySet().forEach(key -> kept.put(key, model.weights().get(key)));
    return new Model(chosen, new Weights(kept));
  }

  private static Plan fuse(Plan plan, List<PlanPass> passes, CompileWatcher watcher) {
    watcher.after("Lowering", plan);
    Plan current = plan;
    for (PlanPass pass : passes) {
      current = pass.apply(current);
      watcher.after(pass.passName(), current);
    }
    return current;
  }

  /** One forward step for each node. */
  private static final class Lowering {
    final Slots slots = new Slots();
    private final Graph graph;
    private final Map<Value, Slot> made = new HashMap<>();
    private final boolean training;
    private final Predicate<String> frozenStatistics;

    Lowering(Graph graph, boolean training, Predicate<String> frozenStatistics) {
      this.graph = graph;
      this.training = training;
      this.frozenStatistics = frozenStatistics;
    }

    Plan plan() {
      List<Forward> steps = new ArrayList<>();
      for (Node node : graph.nodes()) {
        boolean input = node.op() instanceof Input;
        Slot output =
            slots.make(
                node.name(), node.output().shape(), input ? Slot.Kind.INPUT : Slot.Kind.ACTIVATION);
        made.put(node.output(), output);
        if (!input) {
          steps.add(step(node, output));
        }
      }
      Map<String, Slot> outputs = new LinkedHashMap<>();
      graph.outputs().forEach((name, value) -> outputs.put(name, slot(value)));
      return new Plan(slot(graph.input()), steps, List.of(), outputs, Map.of(), Map.of());
    }

    private Forward step(Node node, Slot output) {
      boolean saves = training && Differentiation.savedBy(node.op()).contains(Saved.WORKSPACE);
      return new Forward(
          node.name(),
          node.op(),
          node.inputs().stream().map(this::slot).toList(),
          null,
          output,
          training
              && (node.op() instanceof Dropout
                  || node.op() instanceof StochasticDepth
                  || (node.op() instanceof BatchNorm && !frozenStatistics.test(node.name()))),
          null,
          saves
              ? slots.make(node.name() + "/workspace", output.shape(), Slot.Kind.WORKSPACE)
              : null,
          false);
    }

    Slot slot(String name) {
      return slot(graph.value(name));
    }

    private Slot slot(Value value) {
      return Objects.requireNonNull(made.get(value));
    }
  }
}
