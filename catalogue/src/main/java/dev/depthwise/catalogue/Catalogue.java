package dev.depthwise.catalogue;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.ImageNet;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Zoo;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The list of all published weights.
 *
 * <p>Addresses and sums are those in the sources of Keras Applications and torchvision, accuracies
 * those of their tables; what they do not say is not here. {@link TorchvisionTable} and {@link
 * KerasTable} have a row for each.
 */
public final class Catalogue {
  /** What holds for all of them. */
  static final String TERMS =
      "trained on ImageNet, whose terms may bind you; whether you may use them is yours to find out";

  private static final PublishedFile CLASS_INDEX =
      PublishedFile.at(
          "https://storage.googleapis.com/download.tensorflow.org/data/imagenet_class_index.json",
          Optional.of(Checksum.md5("c2c37ea517e94d9795004a39431a14cb")));

  /** Of several releases of an architecture, the usual one first. */
  private static final List<Release> USUAL =
      List.of(Release.TORCHVISION, Release.TORCHVISION_V2, Release.KERAS);

  private static final List<PublishedWeights> ALL = inOrder();

  private Catalogue() {}

  /** All published weights, family by family. */
  public static List<PublishedWeights> all() {
    return ALL;
  }

  /** The names of ImageNet's classes as Keras has them: {@code {"0": ["n01440764", "tench"]}}. */
  public static PublishedFile classIndex() {
    return CLASS_INDEX;
  }

  /** The releases that have weights of an architecture, the usual one first. */
  public static List<Release> releases(Architecture architecture) {
    return ALL.stream()
        .filter(set -> set.architecture().id().equals(architecture.id()))
        .map(PublishedWeights::release)
        .distinct()
        .toList();
  }

  /**
   * The weights of a release for a network.
   *
   * <p>Where sets were trained on pictures of several sizes and the input is of none of them, the
   * usual size is taken, as Keras does. Where there is no file without the top, the one with it
   * serves.
   *
   * @throws InputException if it has none, with what it has
   */
  public static PublishedWeights find(Architecture architecture, Release release, Options options) {
    options
        .style()
        .filter(style -> style != release.style())
        .ifPresent(
            style -> {
              throw new InputException(
                  "the weights '%s' are of style %s, not %s; leave one of the two out"
                      .formatted(release, release.style(), style));
            });
    List<PublishedWeights> sets =
        ALL.stream()
            .filter(set -> set.architecture().id().equals(architecture.id()))
            .filter(set -> set.release() == release)
            .toList();
    if (sets.isEmpty()) {
      throw none(architecture, release);
    }
    options
        .classes()
        .filter(classes -> classes != ImageNet.CLASSES)
        .ifPresent(
            classes -> {
              throw new InputException(
                  "published weights tell ImageNet's %d classes apart, not %d; leave --classes out"
                      .formatted(ImageNet.CLASSES, classes));
            });
    double alpha = options.alpha().orElse(1.0);
    List<PublishedWeights> wide = sets.stream().filter(set -> set.alpha() == alpha).toList();
    if (wide.isEmpty()) {
      throw new InputException(
          "%s has no published weights '%s' of alpha %s; take %s"
              .formatted(
                  architecture.id(),
                  release,
                  alpha,
                  sets.stream()
                      .map(set -> String.valueOf(set.alpha()))
                      .distinct()
                      .collect(Collectors.joining(" or "))));
    }
    int size = size(wide, options.input().orElse(architecture.input()), architecture);
    List<PublishedWeights> fitting = wide.stream().filter(set -> set.size() == size).toList();
    return fitting.stream()
        .filter(set -> set.top() == options.top())
        .findFirst()
        .orElseGet(() -> fitting.get(0));
  }

  private static int size(List<PublishedWeights> sets, Shape input, Architecture architecture) {
    boolean known =
        input.height() == input.width()
            && sets.stream().anyMatch(set -> set.size() == input.height());
    return known ? input.height() : architecture.input().height();
  }

  private static InputException none(Architecture architecture, Release release) {
    List<Release> others = releases(architecture);
    return new InputException(
        others.isEmpty()
            ? "%s has no published weights in the catalogue; depthwise weights list shows what has"
                .formatted(architecture.id())
            : "%s has no published weights '%s'; it has %s"
                .formatted(
                    architecture.id(),
                    release,
                    others.stream().map(Release::toString).collect(Collectors.joining(" and "))));
  }

  private static List<PublishedWeights> inOrder() {
    List<String> order = Zoo.architectures().stream().map(Architecture::id).toList();
    return Stream.concat(TorchvisionTable.published(), KerasTable.published())
        .sorted(
            Comparator.<PublishedWeights>comparingInt(set -> order.indexOf(set.architecture().id()))
                .thenComparing(PublishedWeights::release, Comparator.comparing(USUAL::indexOf)))
        .toList();
  }
}
