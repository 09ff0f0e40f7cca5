package dev.depthwise.vision;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/**
 * Cuts {@code data/fashion-mnist-sample} and {@code data/pictures} from all of Fashion-MNIST: of
 * each class the first 400 training and the first 100 test pictures in their original order, and of
 * each class the first test picture as PNG.
 */
final class SampleCutter {
  static final int TRAIN_PER_CLASS = 400;
  static final int TEST_PER_CLASS = 100;

  private SampleCutter() {}

  /** Arguments: the folder with all of Fashion-MNIST, the folder {@code data} to write into. */
  public static void main(String[] arguments) throws IOException {
    Path source = Path.of(arguments[0]);
    Path target = Path.of(arguments[1]);
    Path sample = Files.createDirectories(target.resolve("fashion-mnist-sample"));
    Path pictures = Files.createDirectories(target.resolve("pictures"));
    Dataset test = FashionMnist.open(source, IdxDataset.Part.TEST);
    write(
        sample,
        "train",
        firstOfEachClass(FashionMnist.open(source, IdxDataset.Part.TRAIN), TRAIN_PER_CLASS));
    write(sample, "t10k", firstOfEachClass(test, TEST_PER_CLASS));
    Dataset one = firstOfEachClass(test, 1);
    for (int index = 0; index < one.size(); index++) {
      Files.write(
          pictures.resolve(fileName(one.labels().get(one.label(index)))),
          PictureWriter.png(one.picture(index)));
    }
  }

  static String fileName(String label) {
    return label.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-") + ".png";
  }

  static Dataset firstOfEachClass(Dataset dataset, int count) {
    int[] found = new int[dataset.labels().size()];
    int[] indices = new int[found.length * count];
    int out = 0;
    for (int index = 0; index < dataset.size(); index++) {
      if (found[dataset.label(index)]++ < count) {
        indices[out++] = index;
      }
    }
    return new Subset("sample", dataset, indices);
  }

  private static void write(Path folder, String prefix, Dataset dataset) throws IOException {
    try (DataOutputStream pictures = open(folder.resolve(prefix + "-images-idx3-ubyte.gz"));
        DataOutputStream labels = open(folder.resolve(prefix + "-labels-idx1-ubyte.gz"))) {
      pictures.writeInt(0x803);
      pictures.writeInt(dataset.size());
      pictures.writeInt(28);
      pictures.writeInt(28);
      labels.writeInt(0x801);
      labels.writeInt(dataset.size());
      for (int index = 0; index < dataset.size(); index++) {
        pictures.write(dataset.picture(index).toBytes());
        labels.write(dataset.label(index));
      }
    }
  }

  private static DataOutputStream open(Path file) throws IOException {
    return new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(file)));
  }
}
