package dev.depthwise.cli;

import dev.depthwise.catalogue.Cache;
import dev.depthwise.catalogue.Catalogue;
import dev.depthwise.catalogue.Fetch;
import dev.depthwise.catalogue.Mirror;
import dev.depthwise.catalogue.PublishedFile;
import dev.depthwise.catalogue.PublishedWeights;
import dev.depthwise.catalogue.Release;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Model;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.zoo.Architecture;
import dev.depthwise.zoo.Options;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which weights an architecture takes: those of a file, or published ones by their name. */
final class WeightsOptions {
  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "An architecture's weights under the names of its style: .safetensors, .h5, .keras, .pth,"
              + " .npz, .onnx. Or keras, torchvision or torchvision-v2: the published ones, which"
              + " depthwise weights pull fetches.")
  @Nullable String weights;

  @Mixin private final MirrorOptions mirror = new MirrorOptions();

  @Mixin private final CacheOptions cache = new CacheOptions();

  /**
   * Weights for a network.
   *
   * @param file they lie in
   * @param options of the network, with the style that the weights are of
   * @param published what is known about them, if they are published ones
   */
  record Chosen(Path file, Options options, Optional<PublishedWeights> published) {
    /** How pictures are prepared for them. */
    Optional<Preprocessing> preprocessing(Architecture architecture) {
      return published
          .map(set -> set.preprocessing(options))
          .orElseGet(() -> architecture.preprocessing(options));
    }

    /** What is known about the weights, also where a published file was given by its path. */
    Optional<PublishedWeights> known(Architecture architecture) {
      return published.or(
          () ->
              Catalogue.all().stream()
                  .filter(set -> set.architecture().id().equals(architecture.id()))
                  .filter(set -> file.endsWith(set.file().name()))
                  .filter(this::isWhole)
                  .findFirst());
    }

    private boolean isWhole(PublishedWeights set) {
      Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
      return set.file().checksum().isPresent()
          && new Cache(folder).check(set.file()).state() == Cache.State.WHOLE;
    }
  }

  /** Published weights that are asked for. */
  Optional<Release> release() {
    return Optional.ofNullable(weights).flatMap(Release::named);
  }

  /** Refuses weights, where a model directory has them. */
  void refuse(String directory) {
    if (weights != null) {
      throw new InputException(directory + " holds a whole model: leave out --weights");
    }
  }

  /**
   * The weights for an architecture: of published ones, those in the cache, or those that a mirror
   * has which was named; nothing is fetched from the publisher.
   *
   * @throws InputException if there are none, with how to get them
   */
  Chosen chosen(Architecture architecture, Options options, Screen screen) {
    if (weights == null) {
      throw new InputException(
          "%s is an architecture: needs --weights FILE, or the name of published ones%s"
              .formatted(architecture.id(), published(architecture)));
    }
    Optional<Release> release = release();
    if (release.isEmpty()) {
      return new Chosen(Models.path(weights), options, Optional.empty());
    }
    PublishedWeights set = Catalogue.find(architecture, release.get(), options);
    Options styled = options.withStyle(set.release().style());
    Optional<Path> there = cache.cache().find(set.file());
    if (there.isPresent()) {
      return new Chosen(there.get(), styled, Optional.of(set));
    }
    if (!set.top()) {
      Optional<Path> whole = whole(architecture, set);
      if (whole.isPresent()) {
        return new Chosen(whole.get(), styled, Optional.of(set));
      }
    }
    String command = PublishedOptions.pull(set) + place();
    return new Chosen(found(set.file(), command, screen), styled, Optional.of(set));
  }

  /**
   * The model of a directory, or an architecture with these weights.
   *
   * @param zoo what is chosen about an architecture
   * @param options the same, with its input
   */
  Model model(String name, ZooOptions zoo, Supplier<Options> options, Screen screen) {
    Optional<Path> directory = Models.directory(name);
    if (directory.isPresent()) {
      zoo.refuse(name);
      refuse(name);
      return Models.read(directory.get()).model();
    }
    Architecture architecture = Models.architecture(name);
    Chosen set = chosen(architecture, options.get(), screen);
    return Models.read(set.file(), architecture, set.options());
  }

  /** The file with the top, which serves a network without, if that is there. */
  private Optional<Path> whole(Architecture architecture, PublishedWeights set) {
    return Catalogue.all().stream()
        .filter(
            other ->
                other.top()
                    && other.architecture().id().equals(architecture.id())
                    && other.release() == set.release()
                    && other.alpha() == set.alpha()
                    && other.size() == set.size())
        .findFirst()
        .flatMap(other -> cache.cache().find(other.file()));
  }

  /** The file of the names of ImageNet's classes. */
  Path classIndex(Screen screen) {
    PublishedFile file = Catalogue.classIndex();
    return cache
        .cache()
        .find(file)
        .orElseGet(
            () ->
                found(file, "depthwise weights pull " + PublishedOptions.LABELS + place(), screen));
  }

  private Path found(PublishedFile file, String command, Screen screen) {
    Cache kept = cache.cache();
    Optional<Mirror> from = mirror.mirror();
    if (from.isEmpty()) {
      throw new InputException(
          "%s is not in the cache, and nothing is downloaded unasked: run '%s', or fetch %s (%s) and put it at %s"
              .formatted(
                  file.name(),
                  command,
                  file.address(),
                  file.checksum().map(Object::toString).orElse("no checksum of it is published"),
                  kept.place(file).toAbsolutePath()));
    }
    try (FetchProgress progress = new FetchProgress(screen, file.name())) {
      return new Fetch(kept).fetch(file, from, Optional.empty(), progress).path();
    }
  }

  private String place() {
    return cache.folder == null ? "" : " --cache " + cache.folder;
  }

  private static String published(Architecture architecture) {
    String names =
        String.join(
            ", ", Catalogue.releases(architecture).stream().map(Release::toString).toList());
    return names.isEmpty() ? " (it has none)" : " (%s)".formatted(names);
  }
}
