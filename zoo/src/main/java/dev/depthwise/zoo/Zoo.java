package dev.depthwise.zoo;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Names;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The list of all architectures. */
public final class Zoo {
  private static final List<Architecture> ARCHITECTURES =
      Stream.of(
              AlexNet.members(),
              VGG.members(),
              SqueezeNet.members(),
              GoogLeNet.members(),
              BnInception.members(),
              InceptionV2.members(),
              InceptionV3.members(),
              InceptionV4.members(),
              InceptionResNet.members(),
              Xception.members(),
              ResNet.members(),
              ResNetV2.members(),
              SmallResNet.members(),
              DenseNet.members(),
              MobileNet.members(),
              MobileNetV2.members(),
              MobileNetV3.members(),
              EfficientNet.members(),
              ConvNeXt.members())
          .flatMap(Collection::stream)
          .toList();

  private Zoo() {}

  /** All architectures, family by family. */
  public static List<Architecture> architectures() {
    return ARCHITECTURES;
  }

  /**
   * The architecture of that id, in any case.
   *
   * @throws InputException if there is none, with the nearest ids there are
   */
  public static Architecture find(String id) {
    String folded = id.toLowerCase(Locale.ROOT);
    return ARCHITECTURES.stream()
        .filter(architecture -> architecture.id().equals(folded))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "there is no architecture '%s'; %s"
                        .formatted(
                            id,
                            Names.suggest(
                                id, ARCHITECTURES.stream().map(Architecture::id).toList()))));
  }
}
