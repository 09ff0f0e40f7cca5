package dev.depthwise.catalogue;

import dev.depthwise.network.Interpolation;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Resizing;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.Options;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A set of published weights.
 *
 * @param architecture that they are of
 * @param release that they belong to
 * @param alpha what the widths are multiplied with; 1 where there is nothing to choose
 * @param size rows and columns of the pictures that they were trained on
 * @param top whether the file holds the classifier
 * @param file that they lie in
 * @param accuracy that is published, if it is; that of another size or width says nothing
 * @param licence what is known about what may be done with them
 */
public record PublishedWeights(
    Architecture architecture,
    Release release,
    double alpha,
    int size,
    boolean top,
    PublishedFile file,
    Optional<Accuracy> accuracy,
    String licence) {
  /** What torchvision's second training resizes the shorter side to, for 224. */
  private static final double SECOND_SIDE = 232 / 224.0;

  /** What it resizes the shorter side to for EfficientNet-B1, for 240. */
  private static final double B1_SIDE = 255 / 240.0;

  /**
   * How often a network is right on ImageNet's validation pictures, in per cent.
   *
   * @param top1 with its first answer
   * @param top5 with one of the first five, if that is published
   */
  public record Accuracy(double top1, OptionalDouble top5) {
    static Accuracy of(double top1) {
      return new Accuracy(top1, OptionalDouble.empty());
    }

    static Accuracy of(double top1, double top5) {
      return new Accuracy(top1, OptionalDouble.of(top5));
    }
  }

  /**
   * How pictures are prepared for these weights.
   *
   * @return nothing where the publisher takes no such input
   */
  public Optional<Preprocessing> preprocessing(Options options) {
    Optional<Preprocessing> usual = architecture.preprocessing(options.withStyle(release.style()));
    return release == Release.TORCHVISION_V2 ? usual.map(this::second) : usual;
  }

  private Preprocessing second(Preprocessing first) {
    boolean alone = architecture.id().equals("efficientnet_b1");
    double side = first.height() * (alone ? B1_SIDE : SECOND_SIDE);
    return first
        .withResizing(new Resizing.ShorterSideThenCrop(Math.toIntExact(Math.round(side))))
        .withInterpolation(Interpolation.BILINEAR);
  }
}
