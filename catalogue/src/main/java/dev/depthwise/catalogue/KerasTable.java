package dev.depthwise.catalogue;

import dev.depthwise.catalogue.PublishedWeights.Accuracy;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.Zoo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What Keras Applications publishes: a file with the top and one without for each network, with the
 * sums that its sources name (Keras 3.15), if they name any. Accuracies are those of its
 * documentation's table, and of the sources for MobileNet v3; where neither is certain here, none
 * is given.
 */
final class KerasTable {
  private static final String PLACE =
      "https://storage.googleapis.com/tensorflow/keras-applications/";

  /** EfficientNets alone lie elsewhere. */
  private static final String EFFICIENTNET_PLACE =
      "https://storage.googleapis.com/keras-applications/";

  private static final String KERNELS = "_weights_tf_dim_ordering_tf_kernels";
  private static final String WITHOUT_TOP = "_notop";

  private static final String KERAS = "of Keras Applications; " + Catalogue.TERMS;
  private static final String OXFORD =
      "from Oxford's Visual Geometry Group under CC BY, ported for Keras; " + Catalogue.TERMS;
  private static final String HE =
      "from Kaiming He under MIT, ported for Keras; " + Catalogue.TERMS;

  private static final List<Pair> PAIRS =
      List.of(
          usual(
              "vgg16",
              "vgg16",
              OXFORD,
              of(71.3, 90.1),
              md5("64373286793e3c8b2b4e3219cbf3544b", "6d6bbae143d832006294945121d1f1fc")),
          usual(
              "vgg19",
              "vgg19",
              OXFORD,
              of(71.3, 90.0),
              md5("cbe5617147190e668d6c5d5026f83318", "253f8cb515780f3b799900260a226db6")),
          usual(
              "inception_v3",
              "inception_v3",
              KERAS,
              of(77.9, 93.7),
              md5("9a0d58056eeedaa3f26cb7ebd46da564", "bcbd6486424b2319ff4ef7d526e38f63")),
          usual(
              "inception_resnet_v2",
              "inception_resnet_v2",
              KERAS,
              of(80.3, 95.3),
              md5("e693bd0210a403b3192acc6073ad2e96", "d19885ff4a710c122648d3b5c3b684e4")),
          usual(
              "xception",
              "xception",
              KERAS,
              of(79.0, 94.5),
              md5("0a58e3b7378bc2990ea3b43d5981f1f6", "b0042744bf5b25fce3cb969f33bebb97")),
          usual(
              "resnet50",
              "resnet",
              HE,
              of(74.9, 92.1),
              md5("2cb95161c43110f7111970584f804107", "4d473c1dd8becc155b73f8504c6f6626")),
          usual(
              "resnet101",
              "resnet",
              HE,
              of(76.4, 92.8),
              md5("f1aeb4b969a6efcfb50fad2f0c20cfc5", "88cf7a10940856eca736dc7b7e228a21")),
          usual(
              "resnet152",
              "resnet",
              HE,
              of(76.6, 93.1),
              md5("100835be76be38e30d865e96f2aaae62", "ee4c566cf9a93f14d82f913c2dc6dd0c")),
          usual(
              "resnet50v2",
              "resnet",
              KERAS,
              of(76.0, 93.0),
              md5("3ef43a0b657b3be2300d5770ece849e0", "fac2f116257151a9d068a22e544a4917")),
          usual(
              "resnet101v2",
              "resnet",
              KERAS,
              of(77.2, 93.8),
              md5("6343647c601c52e1368623803854d971", "c0ed64b8031c3730f411d2eb4eea35b5")),
          usual(
              "resnet152v2",
              "resnet",
              KERAS,
              of(78.0, 94.2),
              md5("a49b44d1979771252814e80f8ec446f9", "ed17cf2e0169df9d443503ef94b23b33")),
          usual(
              "densenet121",
              "densenet",
              KERAS,
              of(75.0, 92.3),
              md5("9d60b8095a5708f2dcce2bca79d332c7", "30ee3e1110167f948a6b9946edeeb738")),
          usual(
              "densenet169",
              "densenet",
              KERAS,
              unknown(),
              md5("d699b8f76981ab1b30698df4c175e90b", "b8c4d4c20dd625c148057b9ff1c1176b")),
          usual(
              "densenet201",
              "densenet",
              KERAS,
              unknown(),
              md5("1ceb130c1ea1b78c3bf6114dbdfd8807", "c13680b51ded0fb44dff2d8f86ac8bb1")),
          mobilenetV3(
              "large",
              1.0,
              of(75.6),
              md5("59e551e166be033d707958cf9e29a6a7", "07fb09a5933dd0c8eaafa16978110389")),
          mobilenetV3(
              "large",
              0.75,
              of(73.3),
              md5("765b44a33ad4005b3ac83185abf1d0eb", "40af19a13ebea4e2ee0c676887f69a2e")),
          mobilenetV3(
              "small",
              1.0,
              of(68.1),
              md5("8768d4c2e7dee89b9d02b2d03d65d862", "d3e8ec802a04aa4fc771ee12a9a9b836")),
          mobilenetV3(
              "small",
              0.75,
              of(65.4),
              md5("cb65d4e5be93758266aa0a7f2c6708b7", "ebdb5cc8e0b497cd13a7c275d475c819")),
          efficientnet(
              "b0", md5("902e53a9f72be733fc0bcb005b3ebbac", "50bc09e76180e00e4465e1a485ddc09d")),
          efficientnet(
              "b1", md5("1d254153d4ab51201f1646940f018540", "74c4e6b3e1f6a1eea24c589628592432")),
          efficientnet(
              "b2", md5("b15cce36ff4dcbd00b6dd88e7857a6ad", "111f8e2ac8aa800a7a99e3239f7bfb39")),
          efficientnet(
              "b3", md5("ffd1fdc53d0ce67064dc6a9c7960ede0", "af6d107764bb5b1abb91932881670226")),
          efficientnet(
              "b4", md5("18c95ad55216b8f92d7e70b3a046e2fc", "ebc24e6d6c33eaebbd558eafbeedf1ba")),
          efficientnet(
              "b5", md5("ace28f2a6363774853a83a0b21b9421a", "38879255a25d3c92d5e44e04ae6cec6f")),
          efficientnet(
              "b6", md5("165f6e37dce68623721b423839de8be5", "9ecce42647a20130c1f39a5d4cb75743")),
          efficientnet(
              "b7", md5("8c03f828fec3ef71311cd463b6759d99", "cbcfe4450ddf6f3ad90b1b398090fe4a")),
          convnext(
              "convnext_tiny",
              sha256(
                  "8ae6e78ce2933352b1ef4008e6dd2f17bc40771563877d156bc6426c7cf503ff",
                  "d547c096cabd03329d7be5562c5e14798aa39ed24b474157cef5e85ab9e49ef1")),
          convnext(
              "convnext_small",
              sha256(
                  "ce1277d8f1ee5a0ef0e171469089c18f5233860ceaf9b168049cb9263fd7483c",
                  "6fc8009faa2f00c1c1dfce59feea9b0745eb260a7dd11bee65c8e20843da6eab")),
          convnext(
              "convnext_base",
              sha256(
                  "52cbb006d3dadd03f6e095a8ca1aca47aecdd75acb4bc74bce1f5c695d0086e6",
                  "40a20c5548a5e9202f69735ecc06c990e6b7c9d2de39f0361e27baeb24cb7c45")));

  private KerasTable() {}

  /** What the two files of a network should be. */
  private record Sums(Optional<Checksum> whole, Optional<Checksum> withoutTop) {}

  /**
   * A network's two files.
   *
   * @param alpha what the widths are multiplied with
   * @param size rows and columns of the pictures
   * @param start of both addresses, without {@code .h5}
   * @param withoutTop what the name of the file without the top has at its end
   */
  private record Pair(
      String id,
      double alpha,
      int size,
      String start,
      String withoutTop,
      String licence,
      Optional<Accuracy> accuracy,
      Sums sums) {
    Stream<PublishedWeights> published() {
      return Stream.of(
          file(true, start + ".h5", sums.whole(), accuracy),
          file(false, start + withoutTop + ".h5", sums.withoutTop(), Optional.empty()));
    }

    private PublishedWeights file(
        boolean top, String address, Optional<Checksum> sum, Optional<Accuracy> known) {
      return new PublishedWeights(
          Zoo.find(id),
          Release.KERAS,
          alpha,
          size,
          top,
          PublishedFile.at(address, sum),
          known,
          licence);
    }
  }

  private static Pair usual(
      String id, String folder, String licence, Optional<Accuracy> accuracy, Sums sums) {
    String start = PLACE + folder + "/" + id + KERNELS;
    return new Pair(id, 1, size(id), start, WITHOUT_TOP, licence, accuracy, sums);
  }

  private static Pair mobilenetV3(
      String which, double alpha, Optional<Accuracy> accuracy, Sums sums) {
    String id = "mobilenet_v3_" + which;
    String start =
        PLACE + "mobilenet_v3/weights_mobilenet_v3_%s_224_%s_float".formatted(which, alpha);
    return new Pair(id, alpha, size(id), start, "_no_top_v2", KERAS, accuracy, sums);
  }

  private static Pair efficientnet(String which, Sums sums) {
    String id = "efficientnet_" + which;
    String start = EFFICIENTNET_PLACE + "efficientnet" + which;
    return new Pair(id, 1, size(id), start, WITHOUT_TOP, KERAS, unknown(), sums);
  }

  private static Pair convnext(String id, Sums sums) {
    String start = PLACE + "convnext/" + id;
    return new Pair(id, 1, size(id), start, WITHOUT_TOP, KERAS, unknown(), sums);
  }

  private static int size(String id) {
    return Zoo.find(id).input().height();
  }

  private static Optional<Accuracy> of(double top1) {
    return Optional.of(Accuracy.of(top1));
  }

  private static Optional<Accuracy> of(double top1, double top5) {
    return Optional.of(Accuracy.of(top1, top5));
  }

  private static Optional<Accuracy> unknown() {
    return Optional.empty();
  }

  private static Sums md5(String whole, String withoutTop) {
    return new Sums(Optional.of(Checksum.md5(whole)), Optional.of(Checksum.md5(withoutTop)));
  }

  private static Sums sha256(String whole, String withoutTop) {
    return new Sums(Optional.of(Checksum.sha256(whole)), Optional.of(Checksum.sha256(withoutTop)));
  }

  /** All of it. */
  static Stream<PublishedWeights> published() {
    return Stream.of(PAIRS, mobilenets(), mobilenetsV2())
        .flatMap(List::stream)
        .flatMap(Pair::published);
  }

  /** Of version 1, in all widths and sizes; no sums are published. */
  private static List<Pair> mobilenets() {
    List<Pair> pairs = new ArrayList<>();
    // Both belong to the same files: at the extents that these were trained on, they are the same.
    for (String id : List.of("mobilenet", "mobilenet_padded")) {
      for (double alpha : List.of(1.0, 0.75, 0.5, 0.25)) {
        // As Keras writes it: 7_5 is 0.75, and 1_0 is 1.
        long percent = Math.round(100 * alpha);
        String width = alpha == 1 ? "1_0" : "%d_%d".formatted(percent / 10, percent % 10);
        for (int size : List.of(224, 192, 160, 128)) {
          String name = "mobilenet/mobilenet_%s_%d_tf".formatted(width, size);
          pairs.add(mobilenet(id, alpha, size, name, Accuracy.of(70.4, 89.5)));
        }
      }
    }
    return pairs;
  }

  /** Of version 2, in all widths and sizes; no sums are published. */
  private static List<Pair> mobilenetsV2() {
    List<Pair> pairs = new ArrayList<>();
    for (double alpha : List.of(1.0, 1.4, 1.3, 0.75, 0.5, 0.35)) {
      for (int size : alpha > 1 ? List.of(224) : List.of(224, 192, 160, 128, 96)) {
        String name = "mobilenet_v2/mobilenet_v2%s_%s_%d".formatted(KERNELS, alpha, size);
        pairs.add(mobilenet("mobilenet_v2", alpha, size, name, Accuracy.of(71.3, 90.1)));
      }
    }
    return pairs;
  }

  /**
   * A pair without published sums.
   *
   * @param accuracy of the usual width and size
   */
  private static Pair mobilenet(String id, double alpha, int size, String name, Accuracy accuracy) {
    Architecture architecture = Zoo.find(id);
    boolean usual = alpha == 1 && size == architecture.input().height();
    return new Pair(
        id,
        alpha,
        size,
        PLACE + name,
        "_no_top",
        KERAS,
        usual ? Optional.of(accuracy) : unknown(),
        new Sums(Optional.empty(), Optional.empty()));
  }
}
