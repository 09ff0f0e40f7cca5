package dev.depthwise.cli;

import dev.depthwise.catalogue.Cache;
import dev.depthwise.catalogue.Catalogue;
import dev.depthwise.catalogue.PublishedFile;
import dev.depthwise.catalogue.PublishedWeights;
import dev.depthwise.catalogue.Release;
import dev.depthwise.network.InputException;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Style;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which published file is meant, and where it is kept. */
final class PublishedOptions {
  /** Stands for the names of ImageNet's classes, in place of an architecture. */
  static final String LABELS = "labels";

  @Option(
      names = "--weights",
      paramLabel = "NAME",
      description =
          "keras, torchvision or torchvision-v2 (default: the first that depthwise weights list MODEL"
              + " shows, of --style if that is given).")
  @Nullable String weights;

  @Mixin private final NetworkOptions zoo = new NetworkOptions();

  @Mixin private final CacheOptions cache = new CacheOptions();

  /** Where files are kept. */
  Cache cache() {
    return cache.cache();
  }

  /**
   * The file that a name and the options mean.
   *
   * @param model an architecture, or {@value #LABELS}
   */
  PublishedFile file(String model) {
    return model.toLowerCase(Locale.ROOT).equals(LABELS)
        ? Catalogue.classIndex()
        : set(model).file();
  }

  private PublishedWeights set(String model) {
    Architecture architecture = Models.architecture(model);
    Options options = zoo.options();
    return Catalogue.find(architecture, release(architecture, options), options);
  }

  private Release release(Architecture architecture, Options options) {
    if (weights != null) {
      return Release.parse(weights);
    }
    List<Release> known = Catalogue.releases(architecture);
    Optional<Style> style = options.style();
    return known.stream()
        .filter(release -> style.isEmpty() || release.style() == style.get())
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "%s has no published weights%s in the catalogue; it has %s"
                        .formatted(
                            architecture.id(),
                            style.map(" of style %s"::formatted).orElse(""),
                            known.isEmpty()
                                ? "none"
                                : String.join(
                                    ", ", known.stream().map(Release::toString).toList()))));
  }

  /** The command that fetches a set. */
  static String pull(PublishedWeights set) {
    StringBuilder command = new StringBuilder("depthwise weights pull ");
    command.append(set.architecture().id());
    Release release = set.release();
    command.append(
        release == Release.TORCHVISION_V2
            ? " --weights " + release
            : " --style " + release.style());
    if (set.alpha() != 1) {
      command.append(" --alpha ").append(set.alpha());
    }
    if (set.size() != set.architecture().input().height()) {
      command.append(" --input 3x%1$dx%1$d".formatted(set.size()));
    }
    if (!set.top()) {
      command.append(" --no-top");
    }
    return command.toString();
  }
}
