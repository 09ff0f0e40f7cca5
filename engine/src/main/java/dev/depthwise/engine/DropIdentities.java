package dev.depthwise.engine;

import dev.depthwise.network.Dropout;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Model;
import dev.depthwise.network.Node;
import dev.depthwise.network.StochasticDepth;
import dev.depthwise.network.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes out what passes everything on outside of training: dropout and stochastic depth. */
final class DropIdentities implements ModelPass {
  @Override
  public Model apply(Model model) {
    Graph graph = model.graph();
    Map<Value, Value> replaced = new LinkedHashMap<>();
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      List<Value> inputs =
          node.inputs().stream().map(value -> replaced.getOrDefault(value, value)).toList();
      if (node.op() instanceof Dropout || node.op() instanceof StochasticDepth) {
        replaced.put(node.output(), inputs.get(0));
      }
      nodes.add(new Node(node.name(), node.op(), inputs, node.output()));
    }
    return new Model(
        Graph.prune(
            nodes,
            Rewrite.replace(graph.outputs(), replaced),
            Rewrite.replace(graph.taps(), replaced)),
        model.weights());
  }
}
