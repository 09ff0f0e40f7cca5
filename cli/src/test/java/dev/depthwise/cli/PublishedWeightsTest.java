package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.depthwise.inference.Classifier;
import dev.depthwise.inference.Guess;
import dev.depthwise.network.Model;
import dev.depthwise.network.Network;
import dev.depthwise.network.Preprocessing;
import dev.depthwise.network.Shape;
import dev.depthwise.network.Tensor;
import dev.depthwise.training.Initialization;
import dev.depthwise.weights.Naming;
import dev.depthwise.weights.Npy;
import dev.depthwise.weights.WeightFiles;
import dev.depthwise.zoo.ImageNet;
import dev.depthwise.zoo.Options;
import dev.depthwise.zoo.Zoo;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that are asked for by the name of their publisher. */
class PublishedWeightsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAME = "mobilenet_2_5_128_tf.h5";
  private static final Object[] NETWORK = {
    "--model", "mobilenet", "--alpha", "0.25", "--input", "3x128x128"
  };

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private Path mirror;

  @SuppressWarnings("NullAway.Init") // before each test
  private Path cache;

  @SuppressWarnings("NullAway.Init") // before each test
  private Path picture;

  @SuppressWarnings("NullAway.Init") // before each test
  private Model model;

  @BeforeEach
  void aMirrorWithAFile() throws IOException {
    mirror = Files.createDirectory(folder.resolve("mirror"));
    cache = folder.resolve("cache");
    model =
        Initialization.initialize(
            Zoo.find("mobilenet")
                .graph(Options.defaults().withAlpha(0.25).withInput(Shape.of(3, 128, 128))),
            4);
    WeightFiles.write(mirror.resolve(NAME), model, Naming.KERAS);
    picture = folder.resolve("noise.png");
    BufferedImage noise = new BufferedImage(150, 131, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(3);
    for (int y = 0; y < noise.getHeight(); y++) {
      for (int x = 0; x < noise.getWidth(); x++) {
        noise.setRGB(x, y, random.nextInt(0x1000000));
      }
    }
    ImageIO.write(noise, "png", picture.toFile());
  }

  @Test
  void nothingIsFetchedUnasked() {
    Outcome outcome = Outcome.of(classify("--weights", "keras"));

    outcome.refuses(
        NAME + " is not in the cache, and nothing is downloaded unasked",
        "'depthwise weights pull mobilenet --style keras --alpha 0.25 --input 3x128x128 --cache "
            + cache,
        "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet/" + NAME,
        "no checksum of it is published",
        "put it at " + cache.resolve(NAME));
    assertThat(cache).doesNotExist();
    Outcome.of(
            "classify", "--model", "vgg16", "--weights", "torchvision", "--cache", cache, picture)
        .refuses(
            "'depthwise weights pull vgg16 --style torchvision",
            "https://download.pytorch.org/models/vgg16-397923af.pth (sha256 397923af...)");
    Outcome.of(
            "classify",
            "--model",
            "resnet50",
            "--weights",
            "torchvision-v2",
            "--cache",
            cache,
            picture)
        .refuses("'depthwise weights pull resnet50 --weights torchvision-v2");
  }

  @Test
  void aMirrorThatWasNamedServes() throws IOException {
    List<Guess> expected = expected();

    JsonNode guesses = guesses("--weights", "keras", "--mirror", mirror);
    assertThat(guesses).hasSize(expected.size());
    for (int rank = 0; rank < expected.size(); rank++) {
      assertThat(guesses.get(rank).get("label").asText()).isEqualTo(expected.get(rank).label());
      assertThat(guesses.get(rank).get("probability").asDouble())
          .isCloseTo(expected.get(rank).probability(), within(1e-6));
    }
    assertThat(cache.resolve(NAME)).hasSameBinaryContentAs(mirror.resolve(NAME));

    // From now on it is there.
    assertThat(guesses("--weights", "keras")).isEqualTo(guesses);
    assertThat(guesses("--style", "keras", "--weights", cache.resolve(NAME))).isEqualTo(guesses);
    // The name of the release says the style and the layout too.
    Npy.write(
        folder.resolve("x.npy"), Tensor.of(Shape.of(1, 128, 128, 3), new float[128 * 128 * 3]));
    Outcome.of(
            "predict",
            "--model",
            "mobilenet",
            "--alpha",
            "0.25",
            "--weights",
            "keras",
            "--no-top",
            "--pooling",
            "avg",
            "--cache",
            cache,
            "--input",
            folder.resolve("x.npy"),
            "--output",
            folder.resolve("y.npy"))
        .succeeds();
    assertThat(Npy.read(folder.resolve("y.npy")).shape()).isEqualTo(Shape.of(1, 256));
  }

  @Test
  void pullVerifyAndPath() throws IOException {
    Object[] set = {
      "mobilenet", "--style", "keras", "--alpha", "0.25", "--input", "3x128x128", "--cache", cache
    };
    Outcome.of(weights("verify", set)).refuses("is not there", NAME);
    Outcome path = Outcome.of(weights("path", set)).succeeds();
    assertThat(path.out().strip()).isEqualTo(cache.resolve(NAME).toString());

    Outcome first = Outcome.of(weights("pull", set, "--mirror", mirror)).succeeds();
    assertThat(first.out()).contains(NAME + ": fetched", "sha256 ");
    assertThat(first.err()).contains("no checksum of it is published");
    Outcome second = Outcome.of(weights("pull", set, "--mirror", mirror)).succeeds();
    assertThat(second.out()).contains(NAME + ": is there already", "as it should be (sha256 ");
    assertThat(Outcome.of(weights("verify", set)).succeeds().out()).contains(NAME, "right");

    byte[] bytes = Files.readAllBytes(cache.resolve(NAME));
    bytes[bytes.length / 2] ^= 1;
    Files.write(cache.resolve(NAME), bytes);
    Outcome wrong = Outcome.of("weights", "verify", "--cache", cache, "--json");
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(JSON.readTree(wrong.out()).at("/files/0/is").asText()).isEqualTo("wrong");
    Outcome.of(classify("--weights", "keras"))
        .refuses(NAME + ": is not what was published", "delete it and fetch it again");

    Outcome.of(weights("pull", set, "--mirror", mirror, "--sha256", "12"))
        .refuses("'12' is no SHA-256");
    Outcome.of(weights("pull", set, "--mirror", mirror, "--sha256", "0".repeat(64)))
        .refuses("what came from", "it should be sha256 000", "not kept");
  }

  @Test
  void pullAsksAServer() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] bytes = Files.readAllBytes(mirror.resolve(NAME));
    List<String> asked = new ArrayList<>();
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().getPath());
          boolean known = exchange.getRequestURI().getPath().equals("/w/" + NAME);
          exchange.sendResponseHeaders(known ? 200 : 404, known ? bytes.length : -1);
          if (known) {
            exchange.getResponseBody().write(bytes);
          }
          exchange.close();
        });
    server.start();
    try {
      String address = "http://127.0.0.1:%d/w".formatted(server.getAddress().getPort());
      Object[] set = {
        "mobilenet",
        "--alpha",
        "0.25",
        "--input",
        "3x128x128",
        "--cache",
        cache,
        "--mirror",
        address
      };
      Outcome.of(weights("pull", set)).succeeds();
      assertThat(cache.resolve(NAME)).hasBinaryContent(bytes);
      Outcome.of(weights("pull", set, "--no-top"))
          .refuses(
              "mobilenet_2_5_128_tf_no_top.h5: there is no such file (the server answers 404)");
      assertThat(asked)
          .containsExactly(
              "/w/" + NAME,
              "/w/mobilenet_2_5_128_tf_no_top.h5",
              "/w/tensorflow/keras-applications/mobilenet/mobilenet_2_5_128_tf_no_top.h5");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void listSaysWhatThereIs() throws IOException {
    Outcome all = Outcome.of("weights", "list", "--cache", cache).succeeds();
    assertThat(all.out())
        .containsPattern("resnet50 +torchvision +1.0 +224 +yes +76.1 +92.9 +resnet50-0676ba61.pth")
        .containsPattern(
            "resnet50 +torchvision-v2 +1.0 +224 +yes +80.9 +95.4 +resnet50-11ad3fa6.pth")
        .containsPattern("xception +keras +1.0 +299 +yes +79.0 +94.5 +xception_weights");
    assertThat(all.err()).contains("sets: MODEL or --all", "ImageNet, whose terms may bind you");

    JsonNode sets =
        JSON.readTree(
                Outcome.of(
                        "weights",
                        "list",
                        "resnet50",
                        "--style",
                        "keras",
                        "--cache",
                        cache,
                        "--json")
                    .succeeds()
                    .out())
            .get("sets");
    assertThat(sets).hasSize(2);
    assertThat(sets.get(0).get("checksum").asText())
        .isEqualTo("md5:2cb95161c43110f7111970584f804107");
    assertThat(sets.get(0).at("/preprocessing/order").asText()).isEqualTo("BGR");
    assertThat(sets.get(0).get("pull").asText())
        .isEqualTo("depthwise weights pull resnet50 --style keras");
    assertThat(sets.get(1).get("pull").asText()).endsWith(" --no-top");
    assertThat(sets.get(1).has("top1")).isFalse();
  }

  @Test
  void classesAreNamedByKerasIndex() throws IOException {
    List<String> entries = new ArrayList<>();
    for (int index = 0; index < ImageNet.CLASSES; index++) {
      entries.add("\"%d\": [\"%s\", \"name_%d\"]".formatted(index, "n" + index, index / 2));
    }
    Path index = folder.resolve("index.json");
    Files.writeString(index, "{" + String.join(", ", entries) + "}");
    int best = expected().get(0).index();

    JsonNode guesses = guesses("--weights", "keras", "--mirror", mirror, "--labels", index);
    String name = "name_" + best / 2;
    assertThat(guesses.get(0).get("label").asText())
        .isEqualTo(best % 2 == 0 ? name : name + " n" + best);

    Outcome.of(classify("--weights", "keras", "--labels", "keras"))
        .refuses(
            "'depthwise weights pull labels",
            "imagenet_class_index.json (md5 c2c37ea517e94d9795004a39431a14cb)");
    Files.writeString(index, "{\"0\": [\"n0\", \"a\"], \"2\": [\"n1\", \"b\"]}");
    Outcome.of(classify("--weights", "keras", "--labels", index))
        .refuses("index.json: says nothing of class 1");
    Files.writeString(index, "[[\"n0\"");
    Outcome.of(classify("--weights", "keras", "--labels", index)).refuses("index.json: is no JSON");
  }

  @Test
  void whatDoesNotFitIsSaid() {
    Outcome.of("classify", "--model", "resnet18", "--weights", "keras", picture)
        .refuses("resnet18 has no published weights 'keras'; it has torchvision");
    Outcome.of("classify", "--model", "resnet50", picture)
        .refuses(
            "needs --weights FILE, or the name of published ones (torchvision, torchvision-v2,");
    Outcome.of(classify("--style", "torchvision", "--weights", "keras"))
        .refuses("of style keras, not torchvision");
    Outcome.of("weights", "pull", "resnet20").refuses("resnet20 has no published weights");
    Outcome.of("weights", "pull", "resnet5").refuses("there is no model 'resnet5'");
    Outcome.of(classify("--weights", "keras", "--mirror", folder.resolve("none")))
        .refuses("there is no such folder");
  }

  /** What the network says of the picture, by way of the library. */
  private List<Guess> expected() {
    Network network = Network.of(model, Preprocessing.tf(128, 128)).withLabels(ImageNet.labels());
    try (Classifier classifier = Classifier.of(network)) {
      return classifier.classify(picture, 5);
    }
  }

  private JsonNode guesses(Object... more) throws IOException {
    return JSON.readTree(Outcome.of(EndToEndTest.with(classify("--json"), more)).succeeds().out())
        .at("/pictures/0/guesses");
  }

  private Object[] classify(Object... more) {
    Object[] start = EndToEndTest.with(new Object[] {"classify"}, NETWORK);
    return EndToEndTest.with(EndToEndTest.with(start, "--cache", cache, picture), more);
  }

  private static Object[] weights(String command, Object[] set, Object... more) {
    return EndToEndTest.with(EndToEndTest.with(new Object[] {"weights", command}, set), more);
  }
}
