package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Names;
import dev.depthwise.network.Randomness;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How training pictures are varied. What happens to a picture depends on (seed, epoch, picture)
 * alone, but for the mixing, which depends on the batch.
 *
 * <p>In this order: a window is cut out of the whole picture; it is brought to the network's size
 * and channels; the transforms change its samples of 8 bits, one after the other; it is normalised;
 * a rectangle is erased; the pictures of a batch are mixed.
 *
 * <p>{@code toString} writes an augmentation as {@link #parse} reads it.
 *
 * @param window cut out of the whole picture; without, the picture itself is brought to size
 * @param transforms at most one of a kind
 * @param erasing what is erased after normalisation
 * @param mixing how the pictures of a batch are mixed
 */
public record Augmentation(
    Optional<ResizedCrop> window, List<Transform> transforms, Erasing erasing, Mixing mixing) {
  /** What {@link #parse} understands, for help and errors. */
  public static final String FORMS =
      "none, standard, imagenet, or a list such as crop:4,flip,jitter:0.4,rotate:15,erase:0.25,mixup:0.2";

  private static final List<String> NAMES =
      List.of(
          Blur.NAME,
          PaddedCrop.NAME,
          Mixing.CUTMIX,
          Erasing.NAME,
          Flip.NAME,
          Grayscale.NAME,
          "imagenet",
          ColorJitter.NAME,
          Mixing.MIXUP,
          "none",
          RandAugment.NAME,
          ResizedCrop.NAME,
          Rotation.NAME,
          Shear.NAME,
          "standard",
          Translation.NAME,
          VerticalFlip.NAME,
          Zoom.NAME);

  public Augmentation {
    transforms = List.copyOf(transforms);
    Set<Class<?>> kinds = new HashSet<>();
    for (Transform transform : transforms) {
      if (!kinds.add(transform.getClass())) {
        throw new InputException(
            "augmentation: '%s' comes after another of its kind; expected one of a kind"
                .formatted(transform));
      }
    }
  }

  /** Leaves pictures as they are. */
  public static Augmentation none() {
    return new Augmentation(Optional.empty(), List.of(), Erasing.none(), Mixing.none());
  }

  /**
   * For small pictures: crops after padding with 4 zeros, flips every other picture (He et al.
   * 2015, section 4.2).
   */
  public static Augmentation standard() {
    return none().with(new PaddedCrop(4, 0)).with(new Flip(0.5));
  }

  /**
   * For large pictures: a random window, brought to size, and every other one flipped (Szegedy et
   * al. 2014, section 6).
   */
  public static Augmentation imagenet() {
    return none().withWindow(ResizedCrop.standard()).with(new Flip(0.5));
  }

  /** The same with this transform, in the place of the one of its kind or else at the end. */
  public Augmentation with(Transform transform) {
    List<Transform> others = new ArrayList<>(transforms);
    for (int i = 0; i < others.size(); i++) {
      if (others.get(i).getClass() == transform.getClass()) {
        others.set(i, transform);
        return new Augmentation(window, others, erasing, mixing);
      }
    }
    others.add(transform);
    return new Augmentation(window, others, erasing, mixing);
  }

  /** The same with a window cut out of the whole picture. */
  public Augmentation withWindow(ResizedCrop window) {
    return new Augmentation(Optional.of(window), transforms, erasing, mixing);
  }

  /** The same with another erasing. */
  public Augmentation withErasing(Erasing erasing) {
    return new Augmentation(window, transforms, erasing, mixing);
  }

  /** The same with another mixing. */
  public Augmentation withMixing(Mixing mixing) {
    return new Augmentation(window, transforms, erasing, mixing);
  }

  /**
   * Reads an augmentation: terms between commas, the values of a term between colons. Those at the
   * end of a term may be left out.
   *
   * <ul>
   *   <li>{@code none}, {@code standard}, {@code imagenet}: as the methods of these names;
   *   <li>{@code resized-crop:MIN:MAX:MINRATIO:MAXRATIO}: {@link ResizedCrop};
   *   <li>{@code crop:PAD:FILL}: {@link PaddedCrop};
   *   <li>{@code flip:P}, {@code vflip:P}, {@code grayscale:P}: {@link Flip}, {@link VerticalFlip},
   *       {@link Grayscale} with a probability;
   *   <li>{@code jitter:BRIGHTNESS:CONTRAST:SATURATION:HUE}: {@link ColorJitter};
   *   <li>{@code rotate:DEGREES:BORDER}, {@code shear:DEGREES:BORDER}, {@code
   *       translate:PART:BORDER}, {@code zoom:PART:BORDER}: {@link Rotation}, {@link Shear}, {@link
   *       Translation}, {@link Zoom}; the border is a sample value, {@code reflect}, {@code
   *       nearest} or {@code wrap};
   *   <li>{@code blur:P:MIN:MAX}: {@link Blur};
   *   <li>{@code randaugment:OPERATIONS:MAGNITUDE}: {@link RandAugment};
   *   <li>{@code erase:P:MINAREA:MAXAREA:MINASPECT:MAXASPECT:FILL}: {@link Erasing};
   *   <li>{@code mixup:ALPHA}, {@code cutmix:ALPHA}: {@link Mixing}.
   * </ul>
   *
   * Transforms are applied in the order of their terms. A term takes the place of an earlier one of
   * its kind: {@code standard,crop:2} is {@code crop:2,flip}.
   *
   * @throws InputException if the text is none of this
   */
  public static Augmentation parse(String text) {
    Augmentation augmentation = none();
    for (String word : text.split(",", -1)) {
      augmentation = augmentation.with(Term.parse(word));
    }
    return augmentation;
  }

  private Augmentation with(Term term) {
    return switch (term.name()) {
      case "none" -> with(term.most(0), none());
      case "standard" -> with(term.most(0), standard());
      case "imagenet" -> with(term.most(0), imagenet());
      case ResizedCrop.NAME -> withWindow(ResizedCrop.parse(term));
      case Erasing.NAME -> withErasing(Erasing.parse(term));
      case Mixing.MIXUP -> withMixing(new Mixing(term.most(1).number(0, 0.2), mixing.cutmix()));
      case Mixing.CUTMIX -> withMixing(new Mixing(mixing.mixup(), term.most(1).number(0, 1)));
      case Blur.NAME -> with(Blur.parse(term));
      case ColorJitter.NAME -> with(ColorJitter.parse(term));
      case Flip.NAME -> with(Flip.parse(term));
      case Grayscale.NAME -> with(Grayscale.parse(term));
      case PaddedCrop.NAME -> with(PaddedCrop.parse(term));
      case RandAugment.NAME -> with(RandAugment.parse(term));
      case Rotation.NAME -> with(Rotation.parse(term));
      case Shear.NAME -> with(Shear.parse(term));
      case Translation.NAME -> with(Translation.parse(term));
      case VerticalFlip.NAME -> with(VerticalFlip.parse(term));
      case Zoom.NAME -> with(Zoom.parse(term));
      default ->
          throw new InputException(
              "there is no augmentation '%s'; %s expected %s"
                  .formatted(term, Names.suggest(term.name(), NAMES), FORMS));
    };
  }

  /** Everything of this and of a preset. */
  private Augmentation with(Term term, Augmentation preset) {
    if (!equals(none())) {
      throw new InputException(
          "augmentation '%s' stands for a whole list; expected it first".formatted(term));
    }
    return preset;
  }

  /**
   * Writes a picture, varied and normalised, as CHW floats.
   *
   * @param picture of any size
   * @param target takes {@link Preprocessor#length()} floats from {@code offset} on
   * @param randomness the picture's own
   */
  void apply(
      Picture picture,
      Preprocessor preprocessor,
      float[] target,
      int offset,
      Randomness randomness) {
    Picture fitted =
        window.isPresent()
            ? preprocessor.stretch(window.get().apply(picture, randomness))
            : preprocessor.fit(picture);
    Picture varied = vary(fitted, randomness);
    preprocessor.normalize(varied, target, offset);
    erasing.apply(target, offset, varied.channels(), varied.height(), varied.width(), randomness);
  }

  private Picture vary(Picture picture, Randomness randomness) {
    Picture varied = picture;
    for (int i = 0; i < transforms.size(); i++) {
      if (transforms.get(i) instanceof Motion motion) {
        Affine affine = motion.draw(varied.width(), varied.height(), randomness);
        while (i + 1 < transforms.size()
            && transforms.get(i + 1) instanceof Motion next
            && next.border().equals(motion.border())) {
          affine = next.draw(varied.width(), varied.height(), randomness).after(affine);
          i++;
        }
        varied = affine.bilinear(varied, motion.border());
      } else {
        varied = transforms.get(i).apply(varied, randomness);
      }
    }
    return varied;
  }

  @Override
  public String toString() {
    Stream<Object> erased = erasing.equals(Erasing.none()) ? Stream.of() : Stream.of(erasing);
    Stream<Object> mixed = mixing.equals(Mixing.none()) ? Stream.of() : Stream.of(mixing);
    String text =
        Stream.of(window.stream(), transforms.stream(), erased, mixed)
            .flatMap(part -> part)
            .map(Object::toString)
            .collect(Collectors.joining(","));
    return text.isEmpty() ? "none" : text;
  }
}
