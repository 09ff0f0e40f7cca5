package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import java.nio.file.Path;
import java.util.List;

/**
 * Fashion-MNIST: 60,000 training and 10,000 test pictures of clothing, 28x28 grey, ten classes.
 *
 * <p>Source: Xiao, Rasul, Vollgraf 2017, "Fashion-MNIST: a Novel Image Dataset for Benchmarking
 * Machine Learning Algorithms".
 */
public final class FashionMnist {
  /** The classes in the order of their labels, as the authors call them. */
  public static final List<String> LABELS =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  /** Where the package of Debian and Ubuntu puts the files. */
  public static final Path PACKAGE_FOLDER = Path.of("/usr/share/datasets/fashion-mnist");

  private FashionMnist() {}

  /**
   * Reads one part.
   *
   * @throws InputException if the files are broken, or absent: then it says how to get them
   */
  public static IdxDataset open(Path folder, IdxDataset.Part part) {
    if (!IdxDataset.exists(folder, part)) {
      throw new InputException(
          ("%s does not hold Fashion-MNIST; to get it: apt-get install dataset-fashion-mnist on"
                  + " Debian or Ubuntu, or download the four files of"
                  + " https://github.com/zalandoresearch/fashion-mnist into a folder and pass"
                  + " fashion-mnist:FOLDER")
              .formatted(folder));
    }
    return IdxDataset.open(folder, part, LABELS);
  }
}
