package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.depthwise.network.Graph;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.training.Initialization;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.PictureWriter;
import dev.depthwise.weights.Naming;
import dev.depthwise.weights.Npy;
import dev.depthwise.weights.WeightFiles;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Zoo;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every command as a person runs it, on tiny pictures: red and blue ones in two folders. */
final class EndToEndTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  static final int SIDE = 8;

  @TempDir private static Path shared;
  private static Path pictures;
  private static Path run;

  @TempDir private Path folder;

  @BeforeAll
  static void trainOnce() throws IOException {
    pictures = shared.resolve("pictures");
    Random random = new Random(7);
    for (String name : List.of("blue", "red")) {
      for (int index = 0; index < 16; index++) {
        write(pictures.resolve("train").resolve(name), index, name, random);
      }
      for (int index = 0; index < 4; index++) {
        write(pictures.resolve("test").resolve(name), index, name, random);
      }
    }
    run = shared.resolve("run");
    train(run, "--epochs", 3).succeeds();
  }

  /** The smallest run that learns to tell red from blue. */
  private static Outcome train(Path out, Object... more) {
    Object[] given = {
      "train",
      "--model",
      "resnet20",
      "--data",
      "folder:" + pictures,
      "--out",
      out,
      "--batch",
      8,
      "--lr",
      0.02,
      "--augment",
      "none",
      "--validation",
      0.25,
      "--threads",
      1
    };
    return Outcome.of(Stream.concat(Arrays.stream(given), Arrays.stream(more)).toArray());
  }

  static void write(Path target, int index, String color, Random random) throws IOException {
    Files.createDirectories(target);
    Files.write(target.resolve(index + ".png"), PictureWriter.png(picture(color, random)));
  }

  static Picture picture(String color, Random random) {
    byte[] samples = new byte[SIDE * SIDE * 3];
    for (int at = 0; at < samples.length; at++) {
      boolean bright = at % 3 == (color.equals("red") ? 0 : 2);
      samples[at] = (byte) ((bright ? 150 : 20) + random.nextInt(80));
    }
    return Picture.of(SIDE, SIDE, 3, samples);
  }

  @Test
  void trainingSaysHowItGoesAndWhatToDoNext() throws IOException {
    Outcome outcome =
        train(folder.resolve("out"), "--epochs", 1, "--no-nesterov", "--flip").succeeds();
    assertThat(outcome.out())
        .containsPattern("epoch 1/1  training +[0-9.]+ % loss [0-9.]+  validation +[0-9.]+ % loss")
        .contains("Next:", "depthwise evaluate " + folder.resolve("out"));
    assertThat(outcome.err()).contains("24 pictures 3x8x8 in 2 classes, 8 held out", "runs on ");
    assertThat(outcome.out()).doesNotContain("\u001b", "\r");
    JsonNode model = JSON.readTree(Files.readString(folder.resolve("out/model.json")));
    assertThat(model.at("/provenance/command").asText())
        .startsWith("depthwise train --model resnet20 --data folder:" + pictures)
        .contains("--epochs 1 --batch 8 --lr 0.02", "--no-nesterov", "--augment flip ", "--seed 0");
  }

  @Test
  void trainingSpeaksJsonToPrograms() throws IOException {
    List<String> lines =
        train(folder.resolve("out"), "--epochs", 2, "--json").succeeds().out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(JSON.readTree(lines.get(1)).get("epoch").asInt()).isEqualTo(2);
    assertThat(JSON.readTree(lines.get(1)).get("validationAccuracy").asDouble()).isBetween(0., 1.);
    assertThat(JSON.readTree(lines.get(2)).get("event").asText()).isEqualTo("end");
  }

  @Test
  void oneOptionOfAGroupLeavesTheOthersAtTheirDefaults() throws IOException {
    Path out = folder.resolve("out");
    Outcome.of(
            "train",
            "--model",
            "resnet20",
            "--data",
            "folder:" + pictures,
            "--out",
            out,
            "--epochs",
            1,
            "--batch",
            8,
            "--weight-decay",
            0.001,
            "--threads",
            1)
        .succeeds();
    JsonNode model = JSON.readTree(Files.readString(out.resolve("model.json")));
    assertThat(model.at("/provenance/command").asText())
        .contains("--lr 0.1 --schedule cosine --warmup 0.25 --momentum 0.9 --weight-decay 0.001")
        .contains("--label-smoothing 0.0 --augment crop:4,flip --validation 0.1")
        .doesNotContain("--no-nesterov", "--decay-all");
  }

  @Test
  void aRunGoesOnAndNothingIsLost() throws IOException {
    Path out = folder.resolve("out");
    train(out, "--epochs", 1).succeeds();
    byte[] before = Files.readAllBytes(out.resolve("weights.safetensors"));
    train(out, "--epochs", 1).refuses("holds a run already", "--resume", "--overwrite");
    assertThat(Files.readAllBytes(out.resolve("weights.safetensors"))).isEqualTo(before);
    assertThat(train(out, "--epochs", 1, "--resume").succeeds().out()).contains("The model is in");
    train(out, "--epochs", 1, "--overwrite").succeeds();
    assertThat(Files.readAllBytes(out.resolve("weights.safetensors"))).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "--epochs, 0, epochs",
    "--batch, 0, batch",
    "--lr, -1, learning rate",
    "--lr, NaN, learning rate",
    "--schedule, cosin, did you mean cosine",
    "--warmup, -1, warm-up",
    "--optimizer, adamm, did you mean adam",
    "--optimizer, adamw2, did you mean adamw",
    "--beta1, 0.9, adam and adamw",
    "--accumulate, 0, batches in a step",
    "--clip, 0, norm",
    "--average, 1, average",
    "--freeze, layer9, 'layer9'",
    "--gamma, 0.1, exponential",
    "--plateau-patience, 2, plateau",
    "--metric, top2, did you mean top1",
    "--metric, top5, try top1",
    "--result, first, last",
    "--patience, 0, patience",
    "--min-delta, 0.1, --patience",
    "--checkpoint-every, 0, checkpoints",
    "--momentum, 1, momentum",
    "--weight-decay, -1, weight decay",
    "--label-smoothing, 1, label smoothing",
    "--augment, flop, did you mean flip",
    "--class-weights, many, 'many' is no number",
    "--class-weights, 1, 1 class weights for 2 classes",
    "--crop-pad, -1, padding",
    "--erase, 2, probability",
    "--validation, 1, --validation",
    "--validation, -0.1, --validation",
    "--threads, -1, --threads",
    "--engine, onednnn, no engine",
    "--classes, 3, classes",
    "--input, 3x8, channels x height x width",
    "--shortcut, Z, no shortcut option",
    "--style, keras, torchvision",
  })
  void optionsOutOfRange(String option, String value, String expected) {
    Path out = folder.resolve("out");
    Outcome.of(
            "train",
            "--model",
            "resnet20",
            "--data",
            "folder:" + pictures,
            "--out",
            out,
            option,
            value)
        .refuses(expected);
    assertThat(out).doesNotExist();
  }

  @Test
  void dataThatIsNoData() throws IOException {
    trainOn("folder:" + folder).refuses("sub-folder");
    trainOn("folder:" + folder.resolve("nowhere")).refuses("nowhere");
    trainOn("imagenet").refuses("unknown data 'imagenet'", "fashion-mnist");
    trainOn("idx:" + folder).refuses(folder.toString());
    trainOn("fashion-mnist:" + folder).refuses("dataset-fashion-mnist", "fashion-mnist:FOLDER");
    trainOn("folder:").refuses("names no folder");
    Files.createDirectories(folder.resolve("only"));
    Files.write(folder.resolve("only/a.png"), PictureWriter.png(picture("red", new Random(1))));
    trainOn("folder:" + folder).refuses("one class only, 'only'");
    Files.createDirectories(folder.resolve("second"));
    trainOn("folder:" + folder).refuses("second", "holds no picture");
  }

  @Test
  void aBrokenPictureAmongGoodOnes() throws IOException {
    for (String name : List.of("blue", "red")) {
      for (int index = 0; index < 6; index++) {
        write(folder.resolve("data").resolve(name), index, name, new Random(index));
      }
    }
    Path broken = folder.resolve("data/red/3.png");
    truncate(broken);
    String data = "folder:" + folder.resolve("data");
    trainOn(data)
        .refuses(broken.toString(), "1 of 12 pictures", "depthwise data check", "--skip-corrupt");
    assertThat(trainOn(data, "--skip-corrupt").succeeds().err())
        .contains("left out: " + broken, "1 corrupt picture left out");
  }

  @Test
  void picturesThatAreHeldOutAndTrainedOnAreReported() throws IOException {
    for (int index = 0; index < 6; index++) {
      write(folder.resolve("data/blue"), index, "blue", new Random(index));
      write(folder.resolve("data/red"), index, "red", new Random(1));
    }
    assertThat(trainOn("folder:" + folder.resolve("data")).succeeds().err())
        .contains("1 of 2 validation pictures are trained on as well, such as " + folder);
  }

  private Outcome trainOn(String data, Object... more) {
    Object[] given = {
      "train",
      "--model",
      "resnet20",
      "--data",
      data,
      "--out",
      folder.resolve("out"),
      "--epochs",
      1,
      "--batch",
      4,
      "--threads",
      1
    };
    return Outcome.of(Stream.concat(Arrays.stream(given), Arrays.stream(more)).toArray());
  }

  @Test
  void aTruncatedIdxFile() throws IOException {
    writeIdx(folder, "train", 40, SIDE);
    Path images = folder.resolve("train-images-idx3-ubyte");
    truncate(images);
    trainOn("idx:" + folder).refuses(images.toString());
    Files.write(images, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    trainOn("idx:" + folder).refuses(images.toString());
  }

  @Test
  void aPlaceThatCannotBeWrittenTo() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "precious");
    train(file.resolve("out"), "--epochs", 1).refuses(file.toString());
    train(file, "--epochs", 1).refuses(file.toString());
    assertThat(file).hasContent("precious");
  }

  @Test
  void resumingAndOverwritingExcludeEachOther() {
    train(run, "--resume", "--overwrite").refuses("choose one");
  }

  @Test
  void evaluationBeginsWithTop1() {
    Outcome outcome = Outcome.of("evaluate", run, "--data", "folder:" + pictures).succeeds();
    assertThat(outcome.out().lines().findFirst().orElseThrow()).matches("top-1 \\d+\\.\\d\\d %");
    assertThat(outcome.out())
        .contains("on 8 pictures of ")
        .containsPattern("\nred +\\d+\\.\\d\\d %.* 4");
  }

  @Test
  void evaluationAsJsonOfEitherPart() throws IOException {
    JsonNode test = evaluated("--data", "folder:" + pictures);
    assertThat(test.get("pictures").asInt()).isEqualTo(8);
    JsonNode all = evaluated("--data", "folder:" + pictures, "--split", "train");
    assertThat(all.get("pictures").asInt()).isEqualTo(32);
    assertThat(all.get("top1").asDouble()).isGreaterThan(0.6);
    assertThat(all.at("/classes/1/label").asText()).isEqualTo("red");
  }

  @Test
  void classesAreFoundByTheirNames() throws IOException {
    for (int index = 0; index < 4; index++) {
      write(folder.resolve("blue"), index, "blue", new Random(index));
      write(folder.resolve("red"), index, "red", new Random(index));
    }
    double straight = evaluated("--data", "folder:" + folder).get("top1").asDouble();
    Files.move(folder.resolve("blue"), folder.resolve("turquoise"));
    Outcome renamed =
        Outcome.of("evaluate", run, "--data", "folder:" + folder, "--json").succeeds();
    assertThat(renamed.err()).contains("named otherwise");
    // Now "red" comes before "turquoise": in order, everything is taken for the other class.
    assertThat(JSON.readTree(renamed.out()).get("top1").asDouble())
        .isCloseTo(1 - straight, within(1e-9));
  }

  private static JsonNode evaluated(Object... more) throws IOException {
    Object[] given = {"evaluate", run, "--json"};
    return JSON.readTree(
        Outcome.of(Stream.concat(Arrays.stream(given), Arrays.stream(more)).toArray())
            .succeeds()
            .out());
  }

  @Test
  void evaluationRefusesWhatDoesNotFit() throws IOException {
    writeIdx(folder, "train", 20, SIDE);
    Outcome.of("evaluate", run, "--data", "idx:" + folder)
        .refuses("tells 2 classes apart", "has 10");
    Outcome.of("evaluate", run, "--data", "idx:" + folder, "--split", "test")
        .refuses("no test part");
    Outcome.of("evaluate", run, "--data", "idx:" + folder, "--split", "tset")
        .refuses("no --split 'tset'", "test");
    Outcome.of("evaluate", run, "--data", "folder:" + pictures, "--batch", 0).refuses("batch");
    Outcome.of("evaluate", folder, "--data", "folder:" + pictures).refuses("no model.json");
    Outcome.of("evaluate", folder.resolve("x"), "--data", "folder:" + pictures)
        .refuses("no such model directory");
  }

  @Test
  void aDamagedModel() throws IOException {
    Path copy = Files.createDirectories(folder.resolve("copy"));
    for (String name : List.of("model.json", "weights.safetensors")) {
      Files.copy(run.resolve(name), copy.resolve(name));
    }
    truncate(copy.resolve("weights.safetensors"));
    Outcome.of("summary", copy).refuses("weights.safetensors");
    truncate(copy.resolve("model.json"));
    Outcome.of("summary", copy).refuses("model.json");
  }

  @Test
  void picturesAreClassified() throws IOException {
    Path red = pictures.resolve("test/red");
    Outcome outcome = Outcome.of("classify", run, red.resolve("0.png")).succeeds();
    assertThat(outcome.out()).startsWith(red.resolve("0.png").toString()).contains("blue", "█");
    JsonNode json =
        JSON.readTree(Outcome.of("classify", run, red, "--top", 1, "--json").succeeds().out());
    assertThat(json.get("pictures")).hasSize(4);
    assertThat(json.at("/pictures/0/guesses")).hasSize(1);
    assertThat(json.at("/pictures/0/guesses/0/probability").asDouble()).isBetween(0.5, 1.0);
    assertThat(json.get("skipped")).isEmpty();
  }

  @Test
  void brokenPicturesAreSkippedAndCounted() throws IOException {
    Path good =
        Files.write(folder.resolve("a.png"), PictureWriter.png(picture("red", new Random(1))));
    Path png = Files.copy(good, folder.resolve("b.png"));
    truncate(png);
    Path jpeg = Files.write(folder.resolve("c.jpg"), jpeg());
    truncate(jpeg);
    Path text = Files.writeString(folder.resolve("d.png"), "I am no picture");
    Outcome outcome = Outcome.of("classify", run, folder).succeeds();
    assertThat(outcome.err())
        .contains("skipped: " + png, "skipped: " + jpeg, "skipped: " + text)
        .contains("3 of 4 pictures skipped");
    assertThat(outcome.out()).contains(good.toString()).doesNotContain("b.png");
    Outcome.of("classify", run, folder, "--strict").refuses(png.toString());
    Outcome.of("classify", run, text).refuses("cannot be read");
    Outcome.of("classify", run, jpeg, png).refuses("none of the 2 pictures");
  }

  @Test
  void classifyRefusesWhatIsNoPicture() {
    Outcome.of("classify", run, folder).refuses(folder.toString(), "holds no picture");
    Outcome.of("classify", run).refuses("needs pictures too");
    Outcome.of("classify", run, folder.resolve("x.png"), "--strict").refuses("no such file");
    Outcome.of("classify", run, pictures, "--top", 0).refuses("--top");
    Outcome.of("classify").refuses("PICTURE");
  }

  @Test
  void aTrainedModelHasASummary() {
    assertThat(Outcome.of("summary", run).succeeds().out())
        .contains("Total params: 269,")
        .contains("Dense");
    Outcome.of("summary", run, "--classes", 3).refuses("holds a whole model");
  }

  @Test
  void bothLayoutsAndAnyBatchGiveOneAnswer() {
    Path weights = folder.resolve("w.safetensors");
    Graph graph = small();
    WeightFiles.write(weights, Initialization.initialize(graph, 3), Naming.TORCH);
    float[] first = values(5 * 3 * 16 * 16);
    Path x = folder.resolve("x.npy");
    Npy.write(x, Tensor.of(Shape.of(5, 3, 16, 16), first));
    Path last = folder.resolve("last.npy");
    Npy.write(last, Tensor.of(Shape.of(5, 16, 16, 3), channelsLast(first, 5)));
    float[] whole = predicted("--weights", weights, "--input", x);
    float[] chunks = predicted("--weights", weights, "--input", x, "--batch", 2);
    float[] moved = predicted("--weights", weights, "--input", last, "--layout", "nhwc");
    assertThat(whole).hasSize(5 * 10);
    assertThat(chunks).containsExactly(whole, within(1e-5f));
    assertThat(moved).containsExactly(whole, within(1e-6f));
    for (int picture = 0; picture < 5; picture++) {
      double sum = 0;
      for (int index = 0; index < 10; index++) {
        sum += whole[picture * 10 + index];
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
    }
    float[] logits = predicted("--weights", weights, "--input", x, "--logits");
    assertThat(logits[0] - logits[1])
        .isCloseTo((float) Math.log(whole[0] / whole[1]), within(1e-3f));
  }

  @Test
  void aModelDirectoryNeedsNoWeights() {
    Path x = folder.resolve("x.npy");
    Path y = folder.resolve("y.npy");
    Npy.write(x, Tensor.of(Shape.of(3, SIDE, SIDE), values(3 * SIDE * SIDE)));
    Outcome.of("predict", "--model", run, "--input", x, "--output", y).succeeds();
    assertThat(Npy.read(y).shape()).isEqualTo(Shape.of(1, 2));
    Outcome.of("predict", "--model", run, "--input", x, "--output", y, "--weights", x)
        .refuses("holds a whole model");
  }

  @Test
  void whatAPassMadeCanBeSeen() {
    Path x = folder.resolve("x.npy");
    Npy.write(x, Tensor.of(Shape.of(1, 3, SIDE, SIDE), values(3 * SIDE * SIDE)));
    Object[] given = {"predict", "--model", run, "--input", x, "--output", folder.resolve("y.npy")};
    Outcome shown = Outcome.of(with(given, "--dump-after", "FoldAffine")).succeeds();
    assertThat(shown.out()).contains("conv1 = Conv2d").doesNotContain("BatchNorm");
    Outcome.of(with(given, "--dump-after", "FoldAfine")).refuses("did you mean FoldAffine");
  }

  @Test
  void predictRefusesWhatDoesNotFit() throws IOException {
    Path weights = folder.resolve("w.safetensors");
    WeightFiles.write(weights, Initialization.initialize(small(), 3), Naming.TORCH);
    Path x = folder.resolve("x.npy");
    Path y = folder.resolve("y.npy");
    Npy.write(x, Tensor.of(Shape.of(1, 3, 16, 16), values(3 * 16 * 16)));
    Object[] given = {"predict", "--model", "resnet20", "--input", x, "--output", y};
    Outcome.of(given).refuses("needs --weights");
    Outcome.of(with(given, "--weights", folder.resolve("no.safetensors")))
        .refuses("no.safetensors");
    Outcome.of(with(given, "--weights", folder.resolve("w.h5"))).refuses("w.h5", "no such file");
    Outcome.of(with(given, "--weights", weights, "--classes", 7)).refuses("10 classes");
    Outcome.of(with(given, "--weights", weights, "--layout", "hwc")).refuses("no layout 'hwc'");
    Outcome.of(with(given, "--weights", weights, "--layout", "nhwc")).refuses("--layout nchw");
    Outcome.of(with(given, "--weights", weights, "--batch", 0)).refuses("--batch");
    Outcome.of("predict", "--model", run, "--input", x, "--output", x.resolve("y.npy"))
        .refuses("y.npy", "is a file, where a folder is needed");
    Outcome.of("predict", "--model", "resnet32", "--weights", weights, "--input", x, "--output", y)
        .refuses("not of this network", "missing");
    Npy.write(x, Tensor.of(Shape.of(7), values(7)));
    Outcome.of(with(given, "--weights", weights)).refuses("has shape 7", "[pictures, channels");
    truncate(x);
    Outcome.of(with(given, "--weights", weights)).refuses(x.toString());
    truncate(weights);
    Npy.write(x, Tensor.of(Shape.of(1, 3, 16, 16), values(3 * 16 * 16)));
    Outcome.of(with(given, "--weights", weights)).refuses(weights.toString());
    assertThat(y).doesNotExist();
  }

  private static Graph small() {
    return Zoo.find("resnet20").graph(Options.defaults().withInput(Shape.of(3, 16, 16)));
  }

  private float[] predicted(Object... more) {
    Path y = folder.resolve("y.npy");
    Object[] given = {"predict", "--model", "resnet20", "--output", y, "--threads", 1};
    Outcome.of(with(given, more)).succeeds();
    return Npy.read(y).toArray();
  }

  static Object[] with(Object[] given, Object... more) {
    return Stream.concat(Arrays.stream(given), Arrays.stream(more)).toArray();
  }

  private static float[] values(int count) {
    float[] values = new float[count];
    Random random = new Random(11);
    for (int index = 0; index < count; index++) {
      values[index] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] channelsLast(float[] first, int pictureCount) {
    int places = first.length / pictureCount / 3;
    float[] last = new float[first.length];
    for (int picture = 0; picture < pictureCount; picture++) {
      for (int channel = 0; channel < 3; channel++) {
        for (int place = 0; place < places; place++) {
          last[(picture * places + place) * 3 + channel] =
              first[(picture * 3 + channel) * places + place];
        }
      }
    }
    return last;
  }

  @AfterAll
  static void nothingIsLeftBehind() throws IOException {
    try (Stream<Path> left = Files.list(shared)) {
      assertThat(left.map(path -> path.getFileName().toString()).filter(n -> n.endsWith(".tmp")))
          .isEmpty();
    }
  }

  /** Ten classes in turn. */
  static void writeIdx(Path target, String part, int count, int side) throws IOException {
    ByteBuffer images = ByteBuffer.allocate(16 + count * side * side);
    images.putInt(0x803).putInt(count).putInt(side).putInt(side);
    byte[] pixels = new byte[count * side * side];
    new Random(3).nextBytes(pixels);
    images.put(pixels);
    ByteBuffer labels = ByteBuffer.allocate(8 + count);
    labels.putInt(0x801).putInt(count);
    for (int index = 0; index < count; index++) {
      labels.put((byte) (index % 10));
    }
    Files.write(target.resolve(part + "-images-idx3-ubyte"), images.array());
    Files.write(target.resolve(part + "-labels-idx1-ubyte"), labels.array());
  }

  private static byte[] jpeg() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "jpg", bytes);
    return bytes.toByteArray();
  }

  /** Cuts a file in the middle. */
  private static void truncate(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(content, content.length / 2));
  }
}
