package dev.depthwise.catalogue;

import dev.depthwise.catalogue.PublishedWeights.Accuracy;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.Zoo;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What torchvision publishes, as its weight enums say (version 0.28.0): the names of files, which
 * end in the start of their SHA-256, and accuracies in per cent. Files are whole, with the top.
 */
final class TorchvisionTable {
  private static final String PLACE = "https://download.pytorch.org/models/";

  private static final String LICENCE =
      "of torchvision, which says that they may have licences of their own; " + Catalogue.TERMS;

  /** A network that was measured on larger pictures than it was trained on, and than it takes. */
  private static final String MEASURED_LARGER = "efficientnet_b2";

  private static final List<Row> ROWS =
      List.of(
          first("alexnet", "alexnet-owt-7be5be79", 56.522, 79.066),
          first("vgg11", "vgg11-8a719046", 69.02, 88.628),
          first("vgg11_bn", "vgg11_bn-6002323d", 70.37, 89.81),
          first("vgg13", "vgg13-19584684", 69.928, 89.246),
          first("vgg13_bn", "vgg13_bn-abd245e5", 71.586, 90.374),
          first("vgg16", "vgg16-397923af", 71.592, 90.382),
          first("vgg16_bn", "vgg16_bn-6c64b313", 73.36, 91.516),
          first("vgg19", "vgg19-dcbb9e9d", 72.376, 90.876),
          first("vgg19_bn", "vgg19_bn-c79401a0", 74.218, 91.842),
          first("squeezenet1_0", "squeezenet1_0-b66bff10", 58.092, 80.42),
          first("squeezenet1_1", "squeezenet1_1-b8a52dc0", 58.178, 80.624),
          first("googlenet", "googlenet-1378be20", 69.778, 89.53),
          first("inception_v3", "inception_v3_google-0cc3c7bd", 77.294, 93.45),
          first("resnet18", "resnet18-f37072fd", 69.758, 89.078),
          first("resnet34", "resnet34-b627a593", 73.314, 91.42),
          first("resnet50", "resnet50-0676ba61", 76.13, 92.862),
          second("resnet50", "resnet50-11ad3fa6", 80.858, 95.434),
          first("resnet101", "resnet101-63fe2227", 77.374, 93.546),
          second("resnet101", "resnet101-cd907fc2", 81.886, 95.78),
          first("resnet152", "resnet152-394f9c45", 78.312, 94.046),
          second("resnet152", "resnet152-f82ba261", 82.284, 96.002),
          first("resnext50_32x4d", "resnext50_32x4d-7cdf4587", 77.618, 93.698),
          second("resnext50_32x4d", "resnext50_32x4d-1a0047aa", 81.198, 95.34),
          first("resnext101_32x8d", "resnext101_32x8d-8ba56ff5", 79.312, 94.526),
          second("resnext101_32x8d", "resnext101_32x8d-110c445d", 82.834, 96.228),
          first("wide_resnet50_2", "wide_resnet50_2-95faca4d", 78.468, 94.086),
          second("wide_resnet50_2", "wide_resnet50_2-9ba9bcbe", 81.602, 95.758),
          first("wide_resnet101_2", "wide_resnet101_2-32ee1156", 78.848, 94.284),
          second("wide_resnet101_2", "wide_resnet101_2-d733dc28", 82.51, 96.02),
          first("densenet121", "densenet121-a639ec97", 74.434, 91.972),
          first("densenet169", "densenet169-b2777c0a", 75.6, 92.806),
          first("densenet201", "densenet201-c1103571", 76.896, 93.37),
          first("mobilenet_v2", "mobilenet_v2-b0353104", 71.878, 90.286),
          second("mobilenet_v2", "mobilenet_v2-7ebf99e0", 72.154, 90.822),
          first("mobilenet_v3_large", "mobilenet_v3_large-8738ca79", 74.042, 91.34),
          second("mobilenet_v3_large", "mobilenet_v3_large-5c1a4163", 75.274, 92.566),
          first("mobilenet_v3_small", "mobilenet_v3_small-047dcff4", 67.668, 87.402),
          first("efficientnet_b0", "efficientnet_b0_rwightman-7f5810bc", 77.692, 93.532),
          first("efficientnet_b1", "efficientnet_b1_rwightman-bac287d4", 78.642, 94.186),
          second("efficientnet_b1", "efficientnet_b1-c27df63c", 79.838, 94.934),
          first("efficientnet_b2", "efficientnet_b2_rwightman-c35c1473", 80.608, 95.31),
          first("efficientnet_b3", "efficientnet_b3_rwightman-b3899882", 82.008, 96.054),
          first("efficientnet_b4", "efficientnet_b4_rwightman-23ab8bcd", 83.384, 96.594),
          first("efficientnet_b5", "efficientnet_b5_lukemelas-1a07897c", 83.444, 96.628),
          first("efficientnet_b6", "efficientnet_b6_lukemelas-24a108a5", 84.008, 96.916),
          first("efficientnet_b7", "efficientnet_b7_lukemelas-c5b4e57e", 84.122, 96.908),
          first("convnext_tiny", "convnext_tiny-983f1562", 82.52, 96.146),
          first("convnext_small", "convnext_small-0c510722", 83.616, 96.65),
          first("convnext_base", "convnext_base-6075fbad", 84.062, 96.87));

  private TorchvisionTable() {}

  /**
   * A file.
   *
   * @param name without its ending
   * @param top1 in per cent
   * @param top5 in per cent
   */
  private record Row(Release release, String id, String name, double top1, double top5) {
    PublishedWeights published() {
      Architecture architecture = Zoo.find(id);
      return new PublishedWeights(
          architecture,
          release,
          1,
          architecture.input().height(),
          true,
          PublishedFile.at(
              PLACE + name + ".pth",
              Optional.of(Checksum.sha256(name.substring(name.lastIndexOf('-') + 1)))),
          id.equals(MEASURED_LARGER) ? Optional.empty() : Optional.of(Accuracy.of(top1, top5)),
          LICENCE);
    }
  }

  private static Row first(String id, String name, double top1, double top5) {
    return new Row(Release.TORCHVISION, id, name, top1, top5);
  }

  private static Row second(String id, String name, double top1, double top5) {
    return new Row(Release.TORCHVISION_V2, id, name, top1, top5);
  }

  /** All of it. */
  static Stream<PublishedWeights> published() {
    return ROWS.stream().map(Row::published);
  }
}
