package dev.depthwise.catalogue;

import dev.depthwise.catalogue.PublishedWeights.Accuracy;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Shape;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.ImageNet;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Zoo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The list of all published weights.
 *
 * <p>Addresses and sums are those in the sources of Keras Applications and torchvision, accuracies
 * those of their tables; what they do not say is not here.
 */
public final class Catalogue {
  private static final String KERAS =
      "https://storage.googleapis.com/tensorflow/keras-applications/";
  private static final String KERNELS = "_weights_tf_dim_ordering_tf_kernels";
  private static final String TORCHVISION = "https://download.pytorch.org/models/";

  private static final String TERMS =
      "trained on ImageNet, whose terms may bind you; whether you may use them is yours to find out";
  private static final String KERAS_TERMS = "of Keras Applications; " + TERMS;
  private static final String OXFORD_TERMS =
      "from Oxford's Visual Geometry Group under CC BY, ported for Keras; " + TERMS;
  private static final String HE_TERMS = "from Kaiming He under MIT, ported for Keras; " + TERMS;
  private static final String TORCHVISION_TERMS =
      "of torchvision, which says that they may have licences of their own; " + TERMS;

  private static final PublishedFile CLASS_INDEX =
      PublishedFile.at(
          "https://storage.googleapis.com/download.tensorflow.org/data/imagenet_class_index.json",
          Optional.of(Checksum.md5("c2c37ea517e94d9795004a39431a14cb")));

  private static final List<PublishedWeights> ALL = all(new ArrayList<>());

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

  private static List<PublishedWeights> all(List<PublishedWeights> sets) {
    torchvision(sets, "alexnet", "alexnet-owt-7be5be79", 56.5);
    torchvision(sets, "vgg11", "vgg11-8a719046", 69.0);
    torchvision(sets, "vgg13", "vgg13-19584684", 69.9);
    torchvision(sets, "vgg16", "vgg16-397923af", 71.6);
    torchvision(sets, "vgg19", "vgg19-dcbb9e9d", 72.4);
    torchvision(sets, "vgg11_bn", "vgg11_bn-6002323d", 70.4);
    torchvision(sets, "vgg13_bn", "vgg13_bn-abd245e5", 71.6);
    torchvision(sets, "vgg16_bn", "vgg16_bn-6c64b313", 73.4);
    torchvision(sets, "vgg19_bn", "vgg19_bn-c79401a0", 74.2);
    keras(sets, "vgg16", "vgg16", OXFORD_TERMS, Accuracy.of(71.3, 90.1))
        .files("64373286793e3c8b2b4e3219cbf3544b", "6d6bbae143d832006294945121d1f1fc");
    keras(sets, "vgg19", "vgg19", OXFORD_TERMS, Accuracy.of(71.3, 90.0))
        .files("cbe5617147190e668d6c5d5026f83318", "253f8cb515780f3b799900260a226db6");

    torchvision(sets, "googlenet", "googlenet-1378be20", 69.8);
    torchvision(sets, "inception_v3", "inception_v3_google-0cc3c7bd", 77.3);
    keras(sets, "inception_v3", "inception_v3", KERAS_TERMS, Accuracy.of(77.9, 93.7))
        .files("9a0d58056eeedaa3f26cb7ebd46da564", "bcbd6486424b2319ff4ef7d526e38f63");
    keras(sets, "inception_resnet_v2", "inception_resnet_v2", KERAS_TERMS, Accuracy.of(80.3, 95.3))
        .files("e693bd0210a403b3192acc6073ad2e96", "d19885ff4a710c122648d3b5c3b684e4");
    keras(sets, "xception", "xception", KERAS_TERMS, Accuracy.of(79.0, 94.5))
        .files("0a58e3b7378bc2990ea3b43d5981f1f6", "b0042744bf5b25fce3cb969f33bebb97");

    torchvision(sets, "resnet18", "resnet18-f37072fd", 69.8);
    torchvision(sets, "resnet34", "resnet34-b627a593", 73.3);
    torchvision(sets, "resnet50", "resnet50-0676ba61", 76.1);
    torchvision(sets, "resnet101", "resnet101-63fe2227", 77.4);
    torchvision(sets, "resnet152", "resnet152-394f9c45", 78.3);
    second(sets, "resnet50", "resnet50-11ad3fa6", 80.9);
    second(sets, "resnet101", "resnet101-cd907fc2", 81.9);
    second(sets, "resnet152", "resnet152-f82ba261", 82.3);
    keras(sets, "resnet50", "resnet", HE_TERMS, Accuracy.of(74.9, 92.1))
        .files("2cb95161c43110f7111970584f804107", "4d473c1dd8becc155b73f8504c6f6626");
    keras(sets, "resnet101", "resnet", HE_TERMS, Accuracy.of(76.4, 92.8))
        .files("f1aeb4b969a6efcfb50fad2f0c20cfc5", "88cf7a10940856eca736dc7b7e228a21");
    keras(sets, "resnet152", "resnet", HE_TERMS, Accuracy.of(76.6, 93.1))
        .files("100835be76be38e30d865e96f2aaae62", "ee4c566cf9a93f14d82f913c2dc6dd0c");
    keras(sets, "resnet50v2", "resnet", KERAS_TERMS, Accuracy.of(76.0, 93.0))
        .files("3ef43a0b657b3be2300d5770ece849e0", "fac2f116257151a9d068a22e544a4917");
    keras(sets, "resnet101v2", "resnet", KERAS_TERMS, Accuracy.of(77.2, 93.8))
        .files("6343647c601c52e1368623803854d971", "c0ed64b8031c3730f411d2eb4eea35b5");
    keras(sets, "resnet152v2", "resnet", KERAS_TERMS, Accuracy.of(78.0, 94.2))
        .files("a49b44d1979771252814e80f8ec446f9", "ed17cf2e0169df9d443503ef94b23b33");

    keras(sets, "densenet121", "densenet", KERAS_TERMS, Accuracy.of(75.0, 92.3))
        .files("9d60b8095a5708f2dcce2bca79d332c7", "30ee3e1110167f948a6b9946edeeb738");

    // Both belong to the same files: at the extents that these were trained on, they are the same.
    mobilenet(sets, "mobilenet");
    mobilenet(sets, "mobilenet_padded");
    torchvision(sets, "mobilenet_v2", "mobilenet_v2-b0353104", 71.9);
    second(sets, "mobilenet_v2", "mobilenet_v2-7ebf99e0", 72.2);
    mobilenetV2(sets);
    return List.copyOf(sets);
  }

  private static void torchvision(
      List<PublishedWeights> sets, String id, String name, double top1) {
    torch(sets, Release.TORCHVISION, id, name, top1);
  }

  private static void second(List<PublishedWeights> sets, String id, String name, double top1) {
    torch(sets, Release.TORCHVISION_V2, id, name, top1);
  }

  /** The name ends in the start of the file's SHA-256. */
  private static void torch(
      List<PublishedWeights> sets, Release release, String id, String name, double top1) {
    Architecture architecture = Zoo.find(id);
    Checksum checksum = Checksum.sha256(name.substring(name.lastIndexOf('-') + 1));
    sets.add(
        new PublishedWeights(
            architecture,
            release,
            1,
            architecture.input().height(),
            true,
            PublishedFile.at(TORCHVISION + name + ".pth", Optional.of(checksum)),
            Optional.of(Accuracy.of(top1)),
            TORCHVISION_TERMS));
  }

  private static Keras keras(
      List<PublishedWeights> sets, String id, String folder, String licence, Accuracy accuracy) {
    return new Keras(sets, Zoo.find(id), folder, licence, accuracy);
  }

  /** A network in Keras' usual pair of files. */
  private record Keras(
      List<PublishedWeights> sets,
      Architecture architecture,
      String folder,
      String licence,
      Accuracy accuracy) {
    /** Adds the file with the top and the one without, by their MD5. */
    void files(String whole, String withoutTop) {
      add(true, "", whole);
      add(false, "_notop", withoutTop);
    }

    private void add(boolean top, String ending, String md5) {
      String name = architecture.id() + KERNELS + ending + ".h5";
      sets.add(
          new PublishedWeights(
              architecture,
              Release.KERAS,
              1,
              architecture.input().height(),
              top,
              PublishedFile.at(KERAS + folder + "/" + name, Optional.of(Checksum.md5(md5))),
              top ? Optional.of(accuracy) : Optional.empty(),
              licence));
    }
  }

  private static void mobilenet(List<PublishedWeights> sets, String id) {
    for (double alpha : List.of(1.0, 0.75, 0.5, 0.25)) {
      // As Keras writes it: 7_5 is 0.75, and 1_0 is 1.
      long percent = Math.round(100 * alpha);
      String width = alpha == 1 ? "1_0" : "%d_%d".formatted(percent / 10, percent % 10);
      for (int size : List.of(224, 192, 160, 128)) {
        String name = "mobilenet/mobilenet_%s_%d_tf".formatted(width, size);
        unchecked(sets, id, alpha, size, name, Accuracy.of(70.4, 89.5));
      }
    }
  }

  private static void mobilenetV2(List<PublishedWeights> sets) {
    for (double alpha : List.of(1.0, 1.4, 1.3, 0.75, 0.5, 0.35)) {
      IntStream sizes = alpha > 1 ? IntStream.of(224) : IntStream.of(224, 192, 160, 128, 96);
      sizes.forEach(
          size -> {
            String name = "mobilenet_v2/mobilenet_v2%s_%s_%d".formatted(KERNELS, alpha, size);
            unchecked(sets, "mobilenet_v2", alpha, size, name, Accuracy.of(71.3, 90.1));
          });
    }
  }

  /**
   * A pair of files without published sums.
   *
   * @param accuracy of the usual width and size
   */
  private static void unchecked(
      List<PublishedWeights> sets,
      String id,
      double alpha,
      int size,
      String name,
      Accuracy accuracy) {
    Architecture architecture = Zoo.find(id);
    boolean usual = alpha == 1 && size == architecture.input().height();
    for (boolean top : List.of(true, false)) {
      sets.add(
          new PublishedWeights(
              architecture,
              Release.KERAS,
              alpha,
              size,
              top,
              PublishedFile.at(KERAS + name + (top ? ".h5" : "_no_top.h5"), Optional.empty()),
              top && usual ? Optional.of(accuracy) : Optional.empty(),
              KERAS_TERMS));
    }
  }
}
