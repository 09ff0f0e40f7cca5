package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.training.Initialization;
import dev.depthwise.weights.Naming;
import dev.depthwise.weights.Npy;
import dev.depthwise.weights.WeightFiles;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Style;
import dev.depthwise.zoo.Zoo;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An architecture with a file of weights looks at pictures. */
class PicturesTest {
  private static final Options NARROW = Options.defaults().withStyle(Style.KERAS).withAlpha(0.25);

  @TempDir Path folder;

  @BeforeEach
  void weightsAndPictures() throws IOException {
    Graph graph = Zoo.find("mobilenet").graph(NARROW);
    WeightFiles.write(
        folder.resolve("w.safetensors"), Initialization.initialize(graph, 3), Naming.KERAS);
    Files.createDirectories(folder.resolve("photos"));
    for (int number = 0; number < 2; number++) {
      BufferedImage image = new BufferedImage(50, 40, BufferedImage.TYPE_INT_RGB);
      for (int row = 0; row < 40; row++) {
        for (int column = 0; column < 50; column++) {
          image.setRGB(column, row, ((row * 6) << 16) + ((column * 5) << 8) + number * 90);
        }
      }
      ImageIO.write(image, "png", folder.resolve("photos/" + number + ".png").toFile());
    }
  }

  @Test
  void classifyNamesImageNetsClasses() {
    Outcome outcome = classify("--csv").succeeds();

    List<String> lines = outcome.out().lines().toList();
    assertThat(lines).hasSize(1 + 2 * 5);
    assertThat(lines.get(0)).isEqualTo("file,rank,index,label,probability");
    assertThat(lines.get(1)).matches("\".*0\\.png\",1,\\d+,\"[^\"]+\",0\\.\\d{6}");
    assertThat(classify("--json", "--top", "1").succeeds().out()).contains("\"mobilenet\"");
  }

  @Test
  void labelsOfAFile() throws IOException {
    Path labels = folder.resolve("labels.txt");
    Files.write(labels, java.util.Collections.nCopies(1000, "thing"));
    assertThat(classify("--labels", labels.toString()).succeeds().out()).contains("thing");
    Files.writeString(labels, "one\ntwo\n");
    classify("--labels", labels.toString())
        .refuses("has 2 names, but the network tells 1000 classes apart");
  }

  @Test
  void embedWritesPooledFeaturesInEveryFormat() throws IOException {
    Path npy = folder.resolve("f.npy");
    embed(npy).succeeds();
    Path csv = folder.resolve("f.csv");
    embed(csv).succeeds();

    Tensor features = Npy.read(npy);
    assertThat(features.shape()).isEqualTo(Shape.of(2, 256));
    assertThat(Files.readAllLines(folder.resolve("f.npy.files.txt")))
        .containsExactly(
            folder.resolve("photos/0.png").toString(), folder.resolve("photos/1.png").toString());
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines).hasSize(3);
    String[] row = lines.get(2).split(",", -1);
    assertThat(row).hasSize(257);
    assertThat(Float.parseFloat(row[256])).isCloseTo(features.values().get(511), within(1e-6f));
  }

  @Test
  void embedTakesTapsAndModelDirectories() {
    Path npy = folder.resolve("f.npy");
    embed(npy, "--tap", "conv_pw_3_relu").succeeds();
    assertThat(Npy.read(npy).shape()).isEqualTo(Shape.of(2, 32, 56, 56));
    embed(npy, "--tap", "conv_pw_3_relu", "--tap", "conv1").refuses("write an .npz or .parquet");
    Outcome.of("embed", "--out", folder.resolve("f.txt"), folder)
        .refuses(".npy, .npz, .csv or .parquet");
  }

  @Test
  void embedWritesParquetThatItsOwnReaderTakes() throws IOException {
    Path npz = folder.resolve("f.npz");
    embed(npz, "--tap", "conv_pw_3_relu", "--tap", "conv1").succeeds();
    Path parquet = folder.resolve("f.parquet");
    embed(parquet, "--tap", "conv_pw_3_relu", "--tap", "conv1").succeeds();

    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(parquet))) {
      MessageType schema = reader.getFileMetaData().getSchema();
      assertThat(schema.getFields())
          .extracting(Type::getName)
          .containsExactly("file", "conv_pw_3_relu", "conv1");
      assertThat(reader.getRecordCount()).isEqualTo(2);
      RecordReader<Group> rows =
          new ColumnIOFactory()
              .getColumnIO(schema)
              .getRecordReader(reader.readNextRowGroup(), new GroupRecordConverter(schema));
      for (int row = 0; row < 2; row++) {
        Group read = rows.read();
        assertThat(read.getString("file", 0))
            .isEqualTo(folder.resolve("photos/%d.png".formatted(row)).toString());
        for (String tap : List.of("conv_pw_3_relu", "conv1")) {
          FloatBuffer expected = WeightFiles.open(npz).read(tap).values();
          Group list = read.getGroup(tap, 0);
          int length = list.getFieldRepetitionCount("list");
          assertThat(length).isEqualTo(expected.limit() / 2);
          for (int index = 0; index < length; index++) {
            assertThat(list.getGroup("list", index).getFloat("element", 0))
                .isEqualTo(expected.get(row * length + index));
          }
        }
      }
    }
  }

  @Test
  void whatIsMissingIsSaid() {
    Outcome.of("classify", "--model", "mobilenet", folder.resolve("photos"))
        .refuses("needs --weights");
    Outcome.of(
            "classify",
            "--model",
            "resnet20",
            "--weights",
            folder.resolve("w.safetensors"),
            folder.resolve("photos"))
        .refuses("how to prepare pictures for resnet20 is not known");
    classify("--no-top").refuses("needs the classifier");
    classify("--json", "--csv").refuses("leave one out");
  }

  private Outcome classify(String... more) {
    return run(new Object[] {"classify", folder.resolve("photos")}, more);
  }

  private Outcome embed(Path out, String... more) {
    return run(new Object[] {"embed", "--out", out, folder.resolve("photos")}, more);
  }

  private Outcome run(Object[] command, String... more) {
    Object[] given = {
      "--model",
      "mobilenet",
      "--alpha",
      "0.25",
      "--weights",
      folder.resolve("w.safetensors"),
      "--threads",
      1
    };
    return Outcome.of(EndToEndTest.with(EndToEndTest.with(command, given), (Object[]) more));
  }
}
