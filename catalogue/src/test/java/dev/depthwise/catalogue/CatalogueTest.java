package dev.depthwise.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Resizing;
import dev.depthwise.network.Shape;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Pooling;
import dev.depthwise.zoo.Style;
import dev.depthwise.zoo.Zoo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class CatalogueTest {
  private static final Options USUAL = Options.defaults();
  private static final String KERAS =
      "https://storage.googleapis.com/tensorflow/keras-applications/";

  @Test
  void addressesAndSumsAreThoseOfThePublishers() {
    PublishedWeights top = find("resnet50", Release.KERAS, USUAL);
    assertThat(top.file().address())
        .hasToString(KERAS + "resnet/resnet50_weights_tf_dim_ordering_tf_kernels.h5");
    assertThat(top.file().checksum()).contains(Checksum.md5("2cb95161c43110f7111970584f804107"));
    assertThat(top.accuracy()).contains(PublishedWeights.Accuracy.of(74.9, 92.1));

    PublishedWeights features = find("resnet152v2", Release.KERAS, USUAL.withoutTop(Pooling.AVG));
    assertThat(features.file().address())
        .hasToString(KERAS + "resnet/resnet152v2_weights_tf_dim_ordering_tf_kernels_notop.h5");
    assertThat(features.file().checksum())
        .contains(Checksum.md5("ed17cf2e0169df9d443503ef94b23b33"));
    assertThat(features.accuracy()).isEmpty();

    assertThat(find("vgg16", Release.KERAS, USUAL).file().address())
        .hasToString(KERAS + "vgg16/vgg16_weights_tf_dim_ordering_tf_kernels.h5");

    PublishedWeights torch = find("inception_v3", Release.TORCHVISION, USUAL);
    assertThat(torch.file().address())
        .hasToString("https://download.pytorch.org/models/inception_v3_google-0cc3c7bd.pth");
    assertThat(torch.file().checksum()).contains(Checksum.sha256("0cc3c7bd"));
    assertThat(torch.accuracy()).contains(PublishedWeights.Accuracy.of(77.294, 93.45));
    assertThat(Catalogue.classIndex().name()).isEqualTo("imagenet_class_index.json");
  }

  /** Held against a list that was made from torchvision's own sources. */
  @Test
  void torchvisionsRowsAreThoseOfItsSources() throws IOException {
    List<String> found = new ArrayList<>();
    for (PublishedWeights set : Catalogue.all()) {
      if (set.release() != Release.KERAS) {
        Preprocessing way = set.preprocessing(USUAL).orElseThrow();
        found.add(
            String.join(
                "\t",
                set.architecture().id(),
                set.release().toString(),
                set.file().name().replace(".pth", ""),
                set.accuracy().map(accuracy -> String.valueOf(accuracy.top1())).orElse(""),
                set.accuracy().map(known -> String.valueOf(known.top5().orElse(0))).orElse(""),
                String.valueOf(way.height()),
                String.valueOf(((Resizing.ShorterSideThenCrop) way.resizing()).side()),
                way.interpolation().name()));
      }
    }
    // Measured at 288, which no input of the usual size is: no accuracy is stated.
    List<String> expected =
        lines("torchvision.tsv")
            .map(
                line ->
                    line.startsWith("efficientnet_b2\t")
                        ? line.replace("80.608\t95.31\t288", "\t\t260")
                        : line)
            .toList();
    assertThat(expected).hasSizeGreaterThan(45);
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }

  /** Held against a list that was made from Keras' own sources. */
  @Test
  void kerasSumsAreThoseOfItsSources() throws IOException {
    List<String> found =
        Catalogue.all().stream()
            .filter(set -> set.release() == Release.KERAS)
            .map(PublishedWeights::file)
            .filter(file -> file.checksum().isPresent())
            .map(file -> file.address() + "\t" + file.checksum().orElseThrow().hex())
            .toList();
    List<String> expected = lines("keras.tsv").toList();
    assertThat(expected).hasSizeGreaterThan(50);
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static Stream<String> lines(String name) throws IOException {
    try (InputStream stream =
        Objects.requireNonNull(CatalogueTest.class.getResourceAsStream("/" + name))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"));
    }
  }

  @Test
  void whatIsNotPublishedIsAbsent() {
    assertThat(find("efficientnet_b0", Release.KERAS, USUAL).accuracy()).isEmpty();
    assertThat(find("convnext_tiny", Release.KERAS, USUAL).accuracy()).isEmpty();
    assertThat(find("densenet169", Release.KERAS, USUAL).accuracy()).isEmpty();
    assertThat(find("mobilenet", Release.KERAS, USUAL).file().checksum()).isEmpty();
    assertThat(find("mobilenet_v3_small", Release.KERAS, USUAL.withAlpha(0.75)).file().name())
        .isEqualTo("weights_mobilenet_v3_small_224_0.75_float.h5");
  }

  @Test
  void mobileNetsGoByWidthAndSize() {
    assertThat(name("mobilenet", USUAL)).isEqualTo("mobilenet_1_0_224_tf.h5");
    assertThat(name("mobilenet", USUAL.withAlpha(0.75))).isEqualTo("mobilenet_7_5_224_tf.h5");
    assertThat(name("mobilenet", USUAL.withAlpha(0.5))).isEqualTo("mobilenet_5_0_224_tf.h5");
    assertThat(name("mobilenet_padded", small(128).withAlpha(0.25)))
        .isEqualTo("mobilenet_2_5_128_tf.h5");
    assertThat(name("mobilenet", small(160).withoutTop(Pooling.NONE)))
        .isEqualTo("mobilenet_1_0_160_tf_no_top.h5");
    assertThat(name("mobilenet_v2", small(96).withAlpha(0.35)))
        .isEqualTo("mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_96.h5");
    assertThat(name("mobilenet_v2", USUAL.withAlpha(1).withoutTop(Pooling.AVG)))
        .isEqualTo("mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5");
    // Of no published size: Keras takes the usual one.
    assertThat(name("mobilenet_v2", small(200).withAlpha(0.5)))
        .isEqualTo("mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.5_224.h5");
    assertThat(name("mobilenet_v2", small(96).withAlpha(1.4)))
        .isEqualTo("mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.4_224.h5");
    refused(
        () -> find("mobilenet", Release.KERAS, USUAL.withAlpha(0.6)),
        "of alpha 0.6; take 1.0 or 0.75 or 0.5 or 0.25");
  }

  @Test
  void accuracyIsOfTheUsualWidthAndSizeOnly() {
    assertThat(find("mobilenet", Release.KERAS, USUAL).accuracy()).isPresent();
    assertThat(find("mobilenet", Release.KERAS, USUAL.withAlpha(0.5)).accuracy()).isEmpty();
    assertThat(find("mobilenet_v2", Release.KERAS, small(192)).accuracy()).isEmpty();
  }

  @Test
  void picturesArePreparedAsPublished() {
    assertThat(find("vgg19", Release.KERAS, USUAL).preprocessing(USUAL))
        .contains(Preprocessing.caffe(224, 224));
    assertThat(find("xception", Release.KERAS, USUAL).preprocessing(USUAL))
        .contains(Preprocessing.tf(299, 299));
    assertThat(find("densenet121", Release.KERAS, USUAL).preprocessing(USUAL))
        .contains(Preprocessing.torch(224, 224));
    assertThat(find("resnet50", Release.TORCHVISION, USUAL).preprocessing(USUAL))
        .contains(Preprocessing.torchvision(256, 224));
    assertThat(find("resnet50", Release.TORCHVISION_V2, USUAL).preprocessing(USUAL))
        .contains(Preprocessing.torchvision(232, 224));
    assertThat(
            find("resnet50", Release.TORCHVISION_V2, small(112))
                .preprocessing(small(112))
                .orElseThrow()
                .resizing())
        .isEqualTo(new Resizing.ShorterSideThenCrop(116));
  }

  @Test
  void theWholeFileServesWhereThereIsNoneWithoutTop() {
    Options features = USUAL.withoutTop(Pooling.AVG);
    assertThat(find("resnet50", Release.TORCHVISION, features).top()).isTrue();
    assertThat(find("resnet50", Release.KERAS, features).top()).isFalse();
  }

  @Test
  void whatThereIsNotIsSaid() {
    refused(() -> find("resnet20", Release.TORCHVISION, USUAL), "resnet20 has no published");
    refused(
        () -> find("resnet18", Release.KERAS, USUAL),
        "resnet18 has no published weights 'keras'; it has torchvision");
    refused(
        () -> find("resnet50", Release.KERAS, USUAL.withStyle(Style.TORCHVISION)),
        "of style keras, not torchvision");
    refused(() -> find("resnet50", Release.KERAS, USUAL.withClasses(7)), "1000", "not 7");
    refused(() -> Release.parse("kears"), "no published weights called 'kears'", "keras");
  }

  /** Every set is one that the zoo can build and prepare pictures for, in a file of its own. */
  @Test
  void everySetHoldsTogether() {
    List<PublishedWeights> all = Catalogue.all();
    assertThat(all).hasSizeGreaterThan(100);
    assertThat(all)
        .allSatisfy(
            set -> {
              assertThat(set.architecture().styles()).contains(set.release().style());
              Options options = small(set.size()).withStyle(set.release().style());
              assertThat(set.preprocessing(options)).isPresent();
              assertThat(set.file().address()).hasScheme("https").hasNoQuery();
              assertThat(set.file().address().getPath()).endsWith("/" + set.file().name());
            });
    // The two MobileNets of version 1 share their files; nothing else does.
    assertThat(
            all.stream()
                .filter(set -> !set.architecture().id().equals("mobilenet_padded"))
                .collect(Collectors.groupingBy(set -> set.file().name())))
        .allSatisfy((name, sets) -> assertThat(sets).hasSize(1));
    assertThat(all.stream().flatMap(set -> set.file().checksum().stream()).map(Checksum::hex))
        .doesNotHaveDuplicates();
  }

  private static Options small(int extent) {
    return USUAL.withInput(Shape.of(3, extent, extent));
  }

  private static String name(String id, Options options) {
    return find(id, Release.KERAS, options).file().name();
  }

  private static PublishedWeights find(String id, Release release, Options options) {
    return Catalogue.find(Zoo.find(id), release, options);
  }

  private static void refused(ThrowingCallable action, String... parts) {
    assertThatThrownBy(action).isInstanceOf(InputException.class).message().contains(parts);
  }
}
