package dev.depthwise.network;

import java.util.ArrayList;
import java.util.List;

/**
 * What a network costs for one picture, layer by layer.
 *
 * @param layers one for each node, in their order
 */
public record Cost(List<Layer> layers) {
  public Cost {
    layers = List.copyOf(layers);
  }

  /**
   * One layer's part.
   *
   * @param node the layer
   * @param learned parameters that training moves
   * @param statistics running means and variances; Keras counts them as parameters, PyTorch does
   *     not
   * @param multiplyAdds for one picture; element-wise work is not counted
   * @param activations elements of its output
   * @param receptiveField the part of the network's input that one element sees
   */
  public record Layer(
      Node node,
      long learned,
      long statistics,
      long multiplyAdds,
      long activations,
      ReceptiveField receptiveField) {}

  /**
   * How much of the input one element of a layer sees.
   *
   * @param height in rows of the input, padding included
   * @param width in columns of the input, padding included
   * @param strideHeight rows of the input between the fields of two neighbours
   * @param strideWidth columns of the input between the fields of two neighbours
   */
  public record ReceptiveField(int height, int width, int strideHeight, int strideWidth) {
    /** The field behind a window over elements that have this field. */
    ReceptiveField through(Window window) {
      return new ReceptiveField(
          height + (window.reachHeight() - 1) * strideHeight,
          width + (window.reachWidth() - 1) * strideWidth,
          strideHeight * window.strideHeight(),
          strideWidth * window.strideWidth());
    }

    /** The larger of both in each direction: what a sum or a concatenation sees. */
    ReceptiveField union(ReceptiveField other) {
      return new ReceptiveField(
          Math.max(height, other.height),
          Math.max(width, other.width),
          Math.max(strideHeight, other.strideHeight),
          Math.max(strideWidth, other.strideWidth));
    }

    /** The whole of a picture. */
    static ReceptiveField whole(Shape picture) {
      return new ReceptiveField(
          picture.height(), picture.width(), picture.height(), picture.width());
    }
  }

  /** Counts a network. */
  public static Cost of(Graph graph) {
    List<Layer> layers = new ArrayList<>();
    for (Node node : graph.nodes()) {
      long learned = 0;
      long statistics = 0;
      for (Parameter parameter : node.parameters()) {
        if (parameter.role().isLearned()) {
          learned += parameter.shape().size();
        } else {
          statistics += parameter.shape().size();
        }
      }
      layers.add(
          new Layer(
              node,
              learned,
              statistics,
              node.op().multiplyAdds(node.inputShapes(), node.output().shape()),
              node.output().shape().size(),
              field(graph, node, layers)));
    }
    return new Cost(layers);
  }

  private static ReceptiveField field(Graph graph, Node node, List<Layer> before) {
    if (node.inputs().isEmpty()) {
      return new ReceptiveField(1, 1, 1, 1);
    }
    // A factor per channel sees the whole picture; what it multiplies is what a reader asks about.
    ReceptiveField seen =
        node.inputs().stream()
            .limit(node.op() instanceof Multiply ? 1 : node.inputs().size())
            .map(value -> before.get(value.index()).receptiveField())
            .reduce(ReceptiveField::union)
            .orElseThrow();
    // From a vector on, every element sees the whole picture.
    if (node.output().shape().rank() == 1) {
      return ReceptiveField.whole(graph.input().shape());
    }
    return node.op().view().map(seen::through).orElse(seen);
  }

  /** Parameters that training moves. */
  public long learned() {
    return layers.stream().mapToLong(Layer::learned).sum();
  }

  /** Running means and variances. */
  public long statistics() {
    return layers.stream().mapToLong(Layer::statistics).sum();
  }

  /** Multiply-adds for one picture. */
  public long multiplyAdds() {
    return layers.stream().mapToLong(Layer::multiplyAdds).sum();
  }

  /** Elements of all layers' outputs for one picture: what training keeps. */
  public long activations() {
    return layers.stream().mapToLong(Layer::activations).sum();
  }
}
