package dev.depthwise.engine;

import dev.depthwise.network.Conv2d;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Node;
import dev.depthwise.network.Padding;
import dev.depthwise.network.Value;
import dev.depthwise.network.Window;
import dev.depthwise.network.ZeroPad;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lets a convolution pad by itself, where only it reads a picture padded with zeros.
 *
 * <p>Padding as wide as the window is left alone: the fast kernels do not take it.
 */
final class FoldPadding implements ModelPass {
  private final Set<Value> kept;

  /** Keeps the values whose gradient is asked for. */
  FoldPadding(Set<Value> kept) {
    this.kept = kept;
  }

  @Override
  public Model apply(Model model) {
    Graph graph = model.graph();
    Map<Value, Integer> readers = new HashMap<>();
    kept.forEach(value -> readers.merge(value, 1, Integer::sum));
    graph.outputs().values().forEach(value -> readers.merge(value, 1, Integer::sum));
    for (Node node : graph.nodes()) {
      node.inputs().forEach(value -> readers.merge(value, 1, Integer::sum));
    }
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Node folded = node;
      while (folded.op() instanceof Conv2d conv
          && graph.producer(folded.inputs().get(0)).op() instanceof ZeroPad pad
          && readers.getOrDefault(folded.inputs().get(0), 0) == 1
          && isNarrow(padded(conv.window(), pad))) {
        folded =
            new Node(
                node.name(),
                new Conv2d(conv.filters(), padded(conv.window(), pad), conv.groups(), conv.bias()),
                graph.producer(folded.inputs().get(0)).inputs(),
                node.output());
      }
      nodes.add(folded);
    }
    return new Model(Graph.prune(nodes, graph.outputs(), graph.taps()), model.weights());
  }

  private static Window padded(Window window, ZeroPad pad) {
    return window.pad(
        new Padding.Explicit(
            window.top() + pad.top(),
            window.left() + pad.left(),
            window.bottom() + pad.bottom(),
            window.right() + pad.right()));
  }

  private static boolean isNarrow(Window window) {
    return Math.max(window.top(), window.bottom()) < window.reachHeight()
        && Math.max(window.left(), window.right()) < window.reachWidth();
  }
}
