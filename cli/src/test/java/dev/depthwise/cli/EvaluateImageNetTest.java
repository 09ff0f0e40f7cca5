package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engines;
import dev.depthwise.inference.Classifier;
import dev.depthwise.inference.Guess;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Shape;
import dev.depthwise.training.Cancellation;
import dev.depthwise.training.Initialization;
import dev.depthwise.vision.Picture;
import dev.depthwise.vision.PictureWriter;
import dev.depthwise.weights.ModelDirectory;
import dev.depthwise.weights.Naming;
import dev.depthwise.weights.WeightFiles;
import dev.depthwise.zoo.ImageNet;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Style;
import dev.depthwise.zoo.Zoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks held against ImageNet's validation pictures: a few of noise, in both layouts. */
class EvaluateImageNetTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SIDE = 32;

  /** What the pictures show, in the order of the flat folder's names. */
  private static final int[] SHOWN = {65, 970, 0, 999, 65, 388, 970, 0};

  @TempDir private static Path shared;
  private static Path weights;
  private static Path flat;
  private static Path folders;
  private static Model model;

  @TempDir private Path folder;

  @BeforeAll
  static void picturesAndWeights() throws IOException {
    model =
        Initialization.initialize(
            Zoo.find("mobilenet")
                .graph(
                    Options.defaults()
                        .withStyle(Style.KERAS)
                        .withAlpha(0.25)
                        .withInput(Shape.of(3, SIDE, SIDE))),
            5);
    weights = shared.resolve("w.safetensors");
    WeightFiles.write(weights, model, Naming.KERAS);
    flat = Files.createDirectories(shared.resolve("flat"));
    folders = shared.resolve("folders");
    Random random = new Random(9);
    for (int index = 0; index < SHOWN.length; index++) {
      byte[] samples = new byte[40 * 36 * 3];
      for (int at = 0; at < samples.length; at++) {
        samples[at] = (byte) (30 * index + random.nextInt(40));
      }
      byte[] png = PictureWriter.png(Picture.of(40, 36, 3, samples));
      Files.write(flat.resolve(name(index) + ".png"), png);
      Path ofClass = Files.createDirectories(folders.resolve(ImageNet.synsets().get(SHOWN[index])));
      Files.write(ofClass.resolve(name(index) + ".png"), png);
    }
  }

  private static String name(int index) {
    return "ILSVRC2012_val_%08d".formatted(index + 1);
  }

  @Test
  void equalsWhatTheLibrarySaysOfEachPicture() throws IOException {
    Path csv = folder.resolve("answers.csv");
    JsonNode found = evaluated(folders, "--predictions", csv);

    int right = 0;
    int amongFive = 0;
    double loss = 0;
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines).hasSize(1 + SHOWN.length);
    try (Classifier classifier = classifier(network())) {
      for (int index = 0; index < SHOWN.length; index++) {
        Path file =
            folders.resolve(ImageNet.synsets().get(SHOWN[index])).resolve(name(index) + ".png");
        List<Guess> guesses = classifier.classify(file, ImageNet.CLASSES);
        List<Integer> order = guesses.stream().map(Guess::index).toList();
        int rank = order.indexOf(SHOWN[index]);
        right += rank == 0 ? 1 : 0;
        amongFive += rank < 5 ? 1 : 0;
        loss -= Math.log(guesses.get(rank).probability());
        String first = String.join(" ", order.subList(0, 5).stream().map(String::valueOf).toList());
        assertThat(lines)
            .filteredOn(line -> line.startsWith("\"" + file + "\","))
            .singleElement()
            .asString()
            .startsWith(
                "\"%s\",%s,\"%s\",%d,\"%s\","
                    .formatted(
                        file,
                        ImageNet.synsets().get(SHOWN[index]),
                        ImageNet.labels().get(SHOWN[index]),
                        rank + 1,
                        guesses.get(0).label()))
            .contains("," + first + ",");
      }
    }
    assertThat(found.get("pictures").asInt()).isEqualTo(SHOWN.length);
    assertThat(found.get("classes").asInt()).isEqualTo(5);
    assertThat(found.get("top1").asDouble()).isEqualTo(right / (double) SHOWN.length);
    assertThat(found.get("top5").asDouble()).isEqualTo(amongFive / (double) SHOWN.length);
    assertThat(found.get("loss").asDouble())
        .isCloseTo(loss / SHOWN.length, org.assertj.core.api.Assertions.within(1e-4));
    assertThat(found.get("unreadable")).isEmpty();
    assertThat(found.get("picturesPerSecond").asDouble()).isPositive();
  }

  /** Only some classes are there, and yet each has its place among the thousand. */
  @Test
  void aNetworkThatIsRightIsSaidToBe() throws IOException {
    Path pictures = folder.resolve("pictures");
    Path truth = folder.resolve("truth.txt");
    List<String> lines = new ArrayList<>();
    try (Classifier classifier = classifier(network())) {
      for (int index = 0; index < SHOWN.length; index++) {
        Path file = flat.resolve(name(index) + ".png");
        List<Guess> guesses = classifier.classify(file, 6);
        // Of every fourth it is wrong, but not by far; of every eighth, far.
        Guess named = guesses.get(index % 8 == 7 ? 5 : index % 4 == 3 ? 4 : 0);
        Path ofClass =
            Files.createDirectories(pictures.resolve(ImageNet.synsets().get(named.index())));
        Files.copy(file, ofClass.resolve(name(index) + ".png"));
        lines.add(name(index) + ".JPEG " + named.index());
      }
    }
    Files.write(truth, lines);
    for (JsonNode found : List.of(evaluated(pictures), evaluated(flat, "--truth", truth))) {
      assertThat(found.get("correct").asInt()).isEqualTo(6);
      assertThat(found.get("top1").asDouble()).isEqualTo(0.75);
      assertThat(found.get("top5").asDouble()).isEqualTo(0.875);
    }
    Outcome outcome = evaluate(pictures).succeeds();
    assertThat(outcome.out())
        .containsPattern("top-1 +75.00 % +-\n")
        .containsPattern("top-5 +87.50 % +-\n")
        .contains("on 8 pictures of ", "0 more could not be read", "pictures a second");
    assertThat(outcome.err()).contains("no accuracy is published");
  }

  @Test
  void everyFormOfTheTruthSaysTheSame() throws IOException {
    JsonNode expected = evaluated(folders);
    List<String> names = new ArrayList<>();
    List<String> synsets = new ArrayList<>();
    List<String> table = new ArrayList<>(List.of("ImageId,PredictionString"));
    List<String> kit = new ArrayList<>();
    List<Integer> order = new ArrayList<>(IntStream.range(0, ImageNet.CLASSES).boxed().toList());
    Collections.shuffle(order, new Random(4));
    for (int index = 0; index < SHOWN.length; index++) {
      String synset = ImageNet.synsets().get(SHOWN[index]);
      names.add("val/%s.JPEG %d".formatted(name(index), SHOWN[index]));
      synsets.add(synset);
      table.add("%s,%s 85 1 499 272 %s 3 4 5 6 ".formatted(name(index), synset, synset));
      kit.add(String.valueOf(order.indexOf(SHOWN[index]) + 1));
    }
    // More pictures than are there.
    names.add("ILSVRC2012_val_00050000.JPEG 7");
    Collections.shuffle(table.subList(1, table.size()), new Random(1));
    same(expected, truth("val.txt", names));
    same(expected, truth("solution.csv", table));
    same(expected, truth("synset_labels.txt", synsets));
    Path ground = truth("ILSVRC2012_validation_ground_truth.txt", kit);
    refused(ground)
        .refuses(
            "counts classes in the order of the development kit",
            "synsets.txt",
            "LOC_val_solution.csv");
    truth("synsets.txt", order.stream().map(ImageNet.synsets()::get).toList());
    same(expected, ground);
    List<String> numbered = new ArrayList<>();
    for (int id = 1; id <= ImageNet.CLASSES; id++) {
      int index = order.get(id - 1);
      numbered.add("%s %d kit_fox_1".formatted(ImageNet.synsets().get(index), id));
    }
    Collections.shuffle(numbered, new Random(2));
    same(expected, ground, "--synsets", truth("map.txt", numbered));
  }

  private Path truth(String name, List<String> lines) throws IOException {
    return Files.write(folder.resolve(name), lines);
  }

  private void same(JsonNode expected, Path truth, Object... more) throws IOException {
    JsonNode found = evaluated(flat, EndToEndTest.with(new Object[] {"--truth", truth}, more));
    // The pictures stand in another order, so they are added up in another.
    assertThat(found.get("loss").asDouble())
        .as("%s", truth)
        .isCloseTo(expected.get("loss").asDouble(), org.assertj.core.api.Assertions.within(1e-5));
    assertThat(found.get("top5")).isEqualTo(expected.get("top5"));
  }

  @Test
  void aTruthInTheFolderOrBesideItIsFound() throws IOException {
    Path pictures = Files.createDirectories(folder.resolve("set/val"));
    Files.copy(flat.resolve(name(0) + ".png"), pictures.resolve(name(0) + ".JPEG"));
    evaluate(pictures)
        .refuses("nothing says what its pictures show", "LOC_val_solution.csv", "--truth");
    Path beside = Files.writeString(folder.resolve("set/val.txt"), name(0) + ".JPEG 65\n");
    assertThat(evaluated(pictures).get("pictures").asInt()).isEqualTo(1);
    Files.move(beside, pictures.resolve("val.txt"));
    assertThat(evaluated(pictures).get("pictures").asInt()).isEqualTo(1);
  }

  @Test
  void aTruthThatIsNoneIsRefused() throws IOException {
    Path truth = folder.resolve("truth.txt");
    Files.writeString(truth, "");
    refused(truth).refuses("is empty");
    Files.writeString(truth, name(0) + " 65\n" + name(1) + " 1000\n");
    refused(truth).refuses("line 2", "counts from 0 to 999");
    Files.writeString(truth, name(0) + " n99999999\n");
    refused(truth).refuses("'n99999999' is none of ImageNet's 1000 classes");
    Files.writeString(truth, name(0) + " 65\n" + name(0) + ".JPEG 66\n");
    refused(truth).refuses("line 2", "an earlier line says otherwise");
    Files.writeString(truth, name(0) + " 65\n");
    refused(truth).refuses("says nothing of 7 of the 8 pictures, such as " + name(1) + ".png");
    Files.writeString(truth, "ImageId,PredictionString\n" + name(0) + "\n");
    refused(truth).refuses("line 2", "expected NAME,n01751748");
    Files.writeString(truth, "1\n0\n");
    // Its order is that of WordNet's numbers, which is not the kit's.
    Files.write(folder.resolve("synset_words.txt"), ImageNet.synsets());
    refused(truth).refuses("every answer would be held against a wrong class");
    Files.write(folder.resolve("synset_words.txt"), ImageNet.synsets().subList(1, 900));
    refused(truth).refuses("lists 899 classes; expected all 1000");
    List<String> twice = new ArrayList<>(ImageNet.synsets());
    twice.set(3, twice.get(2));
    Files.write(folder.resolve("synset_words.txt"), twice);
    refused(truth).refuses("line 4", "each of the 1000 classes once");
    Collections.reverse(twice);
    twice.set(996, ImageNet.synsets().get(3));
    Files.write(folder.resolve("synset_words.txt"), twice);
    refused(truth).refuses("line 2", "a number from 1 to 1000");
    Files.write(truth, new byte[] {'M', 'A', 'T', 0, 1});
    refused(truth).refuses("is no text", "meta.mat cannot be read");
    refused(folder.resolve("none.txt")).refuses("none.txt", "no such file");
  }

  private Outcome refused(Path truth) {
    return evaluate(flat, "--truth", truth);
  }

  @Test
  void foldersThatAreNoClasses() throws IOException {
    evaluate(folder).refuses("holds no picture and no folder");
    Files.createDirectories(folder.resolve("n01440764"));
    evaluate(folder).refuses("its folders hold no picture");
    Files.createDirectories(folder.resolve("n99999999"));
    evaluate(folder).refuses("n99999999", "no WordNet number of ImageNet's 1000 classes");
    evaluate(folder.resolve("none")).refuses("is no folder");
  }

  @Test
  void brokenPicturesAreListedCountedAndLeftOut() throws IOException {
    Path pictures = folder.resolve("pictures");
    for (int index = 0; index < SHOWN.length; index++) {
      Path ofClass =
          Files.createDirectories(pictures.resolve(ImageNet.synsets().get(SHOWN[index])));
      Files.copy(flat.resolve(name(index) + ".png"), ofClass.resolve(name(index) + ".png"));
    }
    Path whole = folder.resolve("whole.csv");
    evaluated(pictures, "--predictions", whole);
    Path broken = pictures.resolve(ImageNet.synsets().get(SHOWN[3])).resolve(name(3) + ".png");
    Files.write(broken, List.of("I am no picture"));
    Path csv = folder.resolve("answers.csv");
    JsonNode found = evaluated(pictures, "--predictions", csv);

    assertThat(found.get("pictures").asInt()).isEqualTo(7);
    assertThat(found.get("unreadable")).hasSize(1);
    assertThat(found.at("/unreadable/0/file").asText()).isEqualTo(broken.toString());
    assertThat(found.at("/unreadable/0/reason").asText()).contains(broken.toString());
    List<String> lines = Files.readAllLines(csv);
    List<String> expected = Files.readAllLines(whole);
    assertThat(lines).hasSameSizeAs(expected);
    for (int line = 0; line < lines.size(); line++) {
      if (lines.get(line).startsWith("\"" + broken)) {
        assertThat(lines.get(line)).contains(",,,,,,\"" + broken + ": ");
      } else {
        assertThat(lines.get(line)).isEqualTo(expected.get(line));
      }
    }
    Outcome outcome = evaluate(pictures).succeeds();
    assertThat(outcome.err()).contains("not read: " + broken);
    assertThat(outcome.out()).contains("on 7 pictures of 5 classes", "; 1 more could not be read");
  }

  @Test
  void aLimitSpreadsOverAllPictures() throws IOException {
    Path csv = folder.resolve("answers.csv");
    assertThat(evaluated(folders, "--limit", 4, "--predictions", csv).get("pictures").asInt())
        .isEqualTo(4);
    assertThat(Files.readAllLines(csv).subList(1, 5))
        .extracting(line -> line.split(",", -1)[1])
        .containsExactly("n01440764", "n01751748", "n02510455", "n09193705");
    assertThat(evaluated(folders, "--limit", 100).get("pictures").asInt()).isEqualTo(8);
    evaluate(folders, "--limit", 0).refuses("--limit must be at least 1");
  }

  @Test
  void anEvaluationThatWasBrokenOffGoesOnToTheSame() throws IOException {
    Path broken = folder.resolve("broken.png");
    Files.copy(flat.resolve(name(0) + ".png"), broken);
    Path truth = folder.resolve("truth.txt");
    Path pictures = Files.createDirectories(folder.resolve("pictures"));
    List<String> lines = new ArrayList<>();
    for (int index = 0; index < SHOWN.length; index++) {
      Path file = pictures.resolve(name(index) + ".png");
      Files.copy(flat.resolve(name(index) + ".png"), file);
      if (index == 1) {
        Files.write(file, List.of("I am no picture"));
      }
      lines.add(name(index) + " " + SHOWN[index]);
    }
    Files.write(truth, lines);
    Object[] how = {"--truth", truth, "--batch", 3, "--state", folder.resolve("state.json")};
    Path undisturbed = folder.resolve("undisturbed.csv");
    JsonNode expected = evaluated(pictures, EndToEndTest.with(how, "--predictions", undisturbed));
    assertThat(folder.resolve("state.json")).doesNotExist();

    // Asked to stop after one batch: what is done is kept.
    ImageNetEvaluation evaluation = evaluation(pictures, truth, 3);
    Cancellation cancellation = new Cancellation();
    EvaluationState state =
        evaluation.run(
            new EvaluationState(evaluation.identity(), List.of()),
            now -> cancellation.request(),
            cancellation,
            (done, total) -> {});
    assertThat(state.scores()).hasSize(3);
    state.write(folder.resolve("state.json"));

    evaluate(pictures, how).refuses("was broken off", "--resume", "--overwrite");
    evaluate(pictures, EndToEndTest.with(how, "--resume", "--overwrite")).refuses("choose one");
    evaluate(
            pictures,
            "--truth",
            truth,
            "--batch",
            4,
            "--state",
            folder.resolve("state.json"),
            "--resume")
        .refuses("had batch 3, this one has 4", "--overwrite");
    evaluate(pictures, EndToEndTest.with(how, "--resume", "--limit", 5))
        .refuses("had pictures 8, sha256:");
    Path resumed = folder.resolve("resumed.csv");
    Outcome outcome =
        evaluate(pictures, EndToEndTest.with(how, "--json", "--resume", "--predictions", resumed))
            .succeeds();
    assertThat(outcome.err()).contains("goes on after 3 of 8 pictures");
    assertThat(timeless(JSON.readTree(outcome.out()))).isEqualTo(timeless(expected));
    assertThat(resumed).hasSameTextualContentAs(undisturbed);
    assertThat(folder.resolve("state.json")).doesNotExist();
  }

  /** Nobody asked: the process is gone after the second batch, and the first was written. */
  @Test
  void whatWasWrittenBeforeACrashIsGoneOnWith() throws IOException {
    Path truth = Files.writeString(folder.resolve("truth.txt"), allLines());
    Path file = folder.resolve("state.json");
    Object[] how = {"--truth", truth, "--batch", 3, "--state", file};
    JsonNode expected = evaluated(flat, how);
    ImageNetEvaluation evaluation = evaluation(flat, truth, 3);
    KeptState kept = new KeptState(file, new EvaluationState(evaluation.identity(), List.of()), 0);
    assertThatThrownBy(
            () ->
                evaluation.run(
                    kept.state(),
                    kept::keep,
                    new Cancellation(),
                    (done, total) -> {
                      if (done == 6) {
                        throw new IllegalStateException("the power is gone");
                      }
                    }))
        .hasMessage("the power is gone");
    assertThat(EvaluationState.read(file).scores()).hasSize(6);
    assertThat(timeless(evaluated(flat, EndToEndTest.with(how, "--resume"))))
        .isEqualTo(timeless(expected));

    Files.writeString(file, "{\"format\": \"depthwise-evaluation\", \"version\": 1, \"scor");
    evaluate(flat, EndToEndTest.with(how, "--resume")).refuses("state.json", "is damaged");
    Files.writeString(file, "{}");
    evaluate(flat, EndToEndTest.with(how, "--resume")).refuses("is not the state");
    assertThat(timeless(evaluated(flat, EndToEndTest.with(how, "--overwrite"))))
        .isEqualTo(timeless(expected));
  }

  private static JsonNode timeless(JsonNode found) {
    return ((ObjectNode) found.deepCopy()).without("picturesPerSecond");
  }

  private static ImageNetEvaluation evaluation(Path pictures, Path truth, int batch) {
    return new ImageNetEvaluation(
        "mobilenet",
        network(),
        ImageNetPictures.open(
            pictures,
            java.util.Optional.of(truth),
            java.util.Optional.empty(),
            Screen.plain(System.out, System.err)),
        Engines.best(),
        batch,
        1);
  }

  @Test
  void aModelDirectoryOfSomeOfTheClassesIsFoundByTheirNames() throws IOException {
    Model small =
        Initialization.initialize(
            Zoo.find("mobilenet")
                .graph(
                    Options.defaults()
                        .withAlpha(0.25)
                        .withClasses(6)
                        .withInput(Shape.of(3, SIDE, SIDE))),
            6);
    List<String> synsets = new ArrayList<>(ImageNet.synsets().subList(0, 1));
    synsets.addAll(List.of("n15075141", "n09193705", "n02510455", "n01751748", "n01443537"));
    Network network = Network.of(small, Preprocessing.tf(SIDE, SIDE)).withLabels(synsets);
    Path directory = folder.resolve("model");
    ModelDirectory.write(directory, network, false);
    Path csv = folder.resolve("answers.csv");
    Outcome.of("evaluate", directory, "--data", "imagenet:" + folders, "--predictions", csv)
        .succeeds();
    try (Classifier classifier = classifier(network)) {
      for (String line : Files.readAllLines(csv).subList(1, 9)) {
        String[] cells = line.split(",", -1);
        Path file = Path.of(cells[0].replace("\"", ""));
        List<Guess> guesses = classifier.classify(file, 6);
        int rank = guesses.stream().map(Guess::label).toList().indexOf(cells[1]);
        assertThat(line).contains(",%d,\"%s\",".formatted(rank + 1, guesses.get(0).label()));
      }
    }
    ModelDirectory.write(
        directory, network.withLabels(List.of("a", "b", "c", "d", "e", "f")), true);
    Outcome.of("evaluate", directory, "--data", "imagenet:" + folders)
        .refuses("tells 6 classes apart, which are not ImageNet's 1000 (a, ...)");
    List<String> others = new ArrayList<>(synsets);
    others.set(0, "n01494475");
    ModelDirectory.write(directory, network.withLabels(others), true);
    Outcome.of("evaluate", directory, "--data", "imagenet:" + folders)
        .refuses("shows tench (n01440764), which the model does not know");
  }

  @Test
  void whatIsPublishedStandsBesideWhatIsMeasured() throws IOException {
    Path mirror = Files.createDirectory(folder.resolve("mirror"));
    Options usual = Options.defaults().withStyle(Style.KERAS);
    WeightFiles.write(
        mirror.resolve("mobilenet_1_0_224_tf.h5"),
        Initialization.initialize(Zoo.find("mobilenet").graph(usual), 2),
        Naming.KERAS);
    Object[] given = {
      "evaluate",
      "mobilenet",
      "--weights",
      "keras",
      "--mirror",
      mirror,
      "--data",
      "imagenet:" + flat
    };
    Object[] how = {"--cache", folder.resolve("cache"), "--state", folder.resolve("state.json")};
    Object[] which = {"--truth", folder.resolve("val.txt"), "--limit", 1, "--threads", 1};
    Files.writeString(folder.resolve("val.txt"), allLines());
    Object[] all = EndToEndTest.with(EndToEndTest.with(given, how), which);

    Outcome outcome = Outcome.of(all).succeeds();
    assertThat(outcome.out())
        .containsPattern("top-1 +0.00 % +70.4 % +-70.40\n")
        .containsPattern("top-5 +0.00 % +89.5 % +-89.50\n");
    assertThat(outcome.err()).contains("as the publisher of mobilenet_1_0_224_tf.h5 says");
    JsonNode json = JSON.readTree(Outcome.of(EndToEndTest.with(all, "--json")).succeeds().out());
    assertThat(json.at("/published/weights").asText()).isEqualTo("keras");
    assertThat(json.at("/published/top1Percent").asDouble()).isEqualTo(70.4);
    // Of another size, nothing is published.
    assertThat(Outcome.of(EndToEndTest.with(all, "--input", "3x96x96", "--json")).succeeds().out())
        .doesNotContain("published");
  }

  private static String allLines() {
    StringBuilder lines = new StringBuilder();
    for (int index = 0; index < SHOWN.length; index++) {
      lines.append(name(index)).append(' ').append(SHOWN[index]).append('\n');
    }
    return lines.toString();
  }

  @Test
  void whatIsForImageNetIsRefusedElsewhere() {
    Outcome.of("evaluate", "--data", "folder:" + folders, "--limit", 3)
        .refuses("for --data imagenet:DIR");
    Outcome.of("evaluate", "--data", "imagenet:").refuses("names no folder", "imagenet:DIR");
    evaluate(folders, "--split", "test").refuses("leave out --split");
    evaluate(folders, "--no-top").refuses("needs the classifier");
    Outcome.of("evaluate", "resnet18", "--model", "resnet18", "--data", "imagenet:" + folders)
        .refuses("given twice");
    Outcome.of("evaluate", "resnet18", "--data", "imagenet:" + folders).refuses("needs --weights");
  }

  private static Network network() {
    return Network.of(model, Preprocessing.tf(SIDE, SIDE)).withLabels(ImageNet.labels());
  }

  private static Classifier classifier(Network network) {
    return Classifier.of(network, Engines.best(), CompileOptions.batch(1).withThreads(1));
  }

  private Outcome evaluate(Path pictures, Object... more) {
    Object[] given = {
      "evaluate",
      "mobilenet",
      "--alpha",
      "0.25",
      "--input",
      "3x%1$dx%1$d".formatted(SIDE),
      "--style",
      "keras",
      "--weights",
      weights,
      "--data",
      "imagenet:" + pictures,
      "--threads",
      1
    };
    boolean placed = List.of(more).contains("--state");
    Object[] state = {"--state", folder.resolve("usual.json")};
    return Outcome.of(EndToEndTest.with(placed ? given : EndToEndTest.with(given, state), more));
  }

  private JsonNode evaluated(Path pictures, Object... more) throws IOException {
    return JSON.readTree(
        evaluate(pictures, EndToEndTest.with(new Object[] {"--json"}, more)).succeeds().out());
  }
}
