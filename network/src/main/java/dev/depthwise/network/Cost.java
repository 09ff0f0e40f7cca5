package dev.depthwise.network;

import java.util.ArrayList;
import java.util.Arrays;
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
   * <p>Behind an upsampling, neighbours are a part of a row apart; the whole rows that an element
   * sees then depend on where it lies, and {@link #height} is the most.
   *
   * @param rows in rows of the input, padding included
   * @param columns in columns of the input, padding included
   * @param strideHeight rows of the input between the fields of two neighbours
   * @param strideWidth columns of the input between the fields of two neighbours
   */
  public record ReceptiveField(
      double rows, double columns, double strideHeight, double strideWidth) {
    /** Sums of thirds are not exact. */
    private static final double ROUNDING = 1e-6;

    /** The rows of the input that an element sees at most, padding included. */
    public int height() {
      return (int) Math.ceil(rows - ROUNDING);
    }

    /** The columns of the input that an element sees at most, padding included. */
    public int width() {
      return (int) Math.ceil(columns - ROUNDING);
    }

    /** The field behind a window over elements that have this field. */
    ReceptiveField through(Window window) {
      return new ReceptiveField(
          rows + (window.reachHeight() - 1) * strideHeight,
          columns + (window.reachWidth() - 1) * strideWidth,
          strideHeight * window.strideHeight(),
          strideWidth * window.strideWidth());
    }

    /** The field behind an upsampling of elements that have this field. */
    ReceptiveField through(Upsample upsample) {
      boolean linear = upsample.mode() == Upsample.Mode.BILINEAR;
      return new ReceptiveField(
          rows + (linear && upsample.factorHeight() > 1 ? strideHeight : 0),
          columns + (linear && upsample.factorWidth() > 1 ? strideWidth : 0),
          strideHeight / upsample.factorHeight(),
          strideWidth / upsample.factorWidth());
    }

    /** The larger of both in each direction: what a sum or a concatenation sees. */
    ReceptiveField union(ReceptiveField other) {
      return new ReceptiveField(
          Math.max(rows, other.rows),
          Math.max(columns, other.columns),
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
    if (node.op() instanceof Upsample upsample) {
      return seen.through(upsample);
    }
    return node.op().view().map(seen::through).orElse(seen);
  }

  /**
   * Convolutions and dense layers on the longest way through the network: the 50 of ResNet-50, the
   * 22 of GoogLeNet. Depthwise and pointwise convolutions count apart (Howard et al. 2017), what
   * only computes a gate's factors does not count.
   */
  public int depth() {
    int[] depths = new int[layers.size()];
    int[] ends = new int[layers.size()];
    for (int index = 0; index < depths.length; index++) {
      Node node = layers.get(index).node();
      int before =
          node.inputs().stream()
              .limit(node.op() instanceof Multiply ? 1 : node.inputs().size())
              .mapToInt(value -> depths[value.index()])
              .max()
              .orElse(0);
      boolean counts = node.op() instanceof Conv2d || node.op() instanceof Dense;
      depths[index] = before + (counts ? 1 : 0);
      ends[index] = depths[index];
      node.inputs().forEach(value -> ends[value.index()] = 0);
    }
    return Arrays.stream(ends).max().orElse(0);
  }

  /** Of the last layer that has places: from pooling on, everything is seen. */
  public ReceptiveField receptiveField() {
    ReceptiveField last = layers.get(0).receptiveField();
    for (Layer layer : layers) {
      if (layer.node().output().shape().isPicture()) {
        last = layer.receptiveField();
      }
    }
    return last;
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
