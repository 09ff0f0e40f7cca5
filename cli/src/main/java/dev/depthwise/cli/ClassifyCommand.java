package dev.depthwise.cli;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.inference.Classifier;
import dev.depthwise.inference.Guess;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Network;
import dev.depthwise.vision.Picture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Says what pictures show. */
@Command(
    name = "classify",
    description = {
      "Say what pictures show.",
      "",
      "The first argument may be a model directory, or a run of train; --model also takes an"
          + " architecture with --weights. Without either, the network that is shipped classifies"
          + " (it knows ten kinds of clothing, grey on black, 28x28). Of a"
          + " folder, all picture files are taken (PNG, JPEG, GIF, WebP, TIFF, BMP), those of its"
          + " sub-folders too."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    customSynopsis = "depthwise classify [OPTIONS] [MODEL] PICTURE...",
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise classify data/pictures",
      "  depthwise classify runs/flowers holiday.jpg garden.jpg --top 5",
      "  depthwise classify --model xception --weights xception.h5 photos",
      "  depthwise classify --model resnet50 --style keras --weights resnet50.h5 cat.jpg --csv",
      "  depthwise classify --model resnet50 --weights keras cat.jpg     (after weights pull)",
      "  depthwise classify --json photos | jq '.pictures[].guesses[0]'"
    })
final class ClassifyCommand implements Runnable {
  private static final int BAR = 20;
  private static final int THUMBNAIL = 16;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private Main main;

  @Parameters(
      arity = "1..*",
      paramLabel = "PICTURE",
      description = "Files and folders; before them, perhaps, a model directory.")
  private List<String> arguments = new ArrayList<>();

  @Mixin private final ModelOptions model = new ModelOptions();

  @Option(
      names = "--top",
      paramLabel = "K",
      description = "How many classes to name (default: 3, of more than ten classes 5).")
  @Nullable Integer top;

  @Option(
      names = "--strict",
      description = "A broken picture is an error; without, it is skipped and counted.")
  private boolean strict;

  @Option(
      names = "--no-pictures",
      negatable = true,
      description = "Show no small pictures in the terminal.")
  private boolean hidden;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(names = "--csv", description = "Print a line of CSV for each class of each picture.")
  private boolean csv;

  @Mixin private final EngineOptions machine = new EngineOptions();

  /** A picture that could be read. */
  private record Answer(Path file, Picture picture, List<Guess> guesses) {}

  @Override
  public void run() {
    if (top != null && top < 1) {
      throw new InputException("--top must be at least 1, was " + top);
    }
    if (json && csv) {
      throw new InputException("--json and --csv are two things; leave one out");
    }
    Screen screen = main.screen();
    int threads = machine.threads();
    List<Path> paths = new ArrayList<>(arguments.stream().map(Models::path).toList());
    model.zoo.requireTop();
    ModelOptions.Named named = model.network(paths, false, screen);
    Network network = named.network();
    int count = top(network);
    Pictures pictures = Pictures.of(paths, strict);
    if (csv) {
      screen.line("file,rank,index,label,probability");
    }
    List<Object> answers = new ArrayList<>();
    Map<Path, String> skipped;
    try (Classifier classifier =
        Classifier.of(network, machine.engine(), CompileOptions.batch(1).withThreads(threads))) {
      skipped =
          pictures.read(
              screen,
              (file, picture) -> {
                Answer answer = new Answer(file, picture, classifier.classify(picture, count));
                if (json) {
                  answers.add(object(answer));
                } else if (csv) {
                  rows(answer).forEach(screen::line);
                } else {
                  print(screen, answer);
                }
              });
    }
    if (json) {
      screen.line(
          Json.pretty(
              Json.object(
                  "model", named.name(), "pictures", answers, "skipped", objects(skipped))));
    }
    if (!skipped.isEmpty()) {
      screen.note(
          "%d of %d pictures skipped; --strict makes that an error"
              .formatted(skipped.size(), pictures.files().size()));
    }
  }

  private int top(Network network) {
    int usual = network.model().graph().output().shape().size() > 10 ? 5 : 3;
    return top == null ? usual : top;
  }

  private static List<String> rows(Answer answer) {
    List<String> rows = new ArrayList<>();
    for (Guess guess : answer.guesses()) {
      rows.add(
          String.format(
              Locale.ROOT,
              "%s,%d,%d,%s,%.6f",
              Csv.quoted(answer.file().toString()),
              rows.size() + 1,
              guess.index(),
              Csv.quoted(guess.label()),
              guess.probability()));
    }
    return rows;
  }

  private void print(Screen screen, Answer answer) {
    List<String> text = new ArrayList<>();
    text.add(screen.toned(Screen.Tone.STRONG, answer.file().toString()));
    text.addAll(guesses(screen, answer.guesses(), BAR));
    if (screen.outTerminal() && !hidden) {
      Thumbnail.beside(Thumbnail.lines(answer.picture(), THUMBNAIL, screen), THUMBNAIL, text)
          .forEach(screen::line);
    } else {
      text.forEach(screen::line);
    }
    screen.line("");
  }

  /** A line for each class: its name, how likely it is, and a bar of that. */
  static List<String> guesses(Screen screen, List<Guess> guesses, int width) {
    int longest = guesses.stream().mapToInt(guess -> guess.label().length()).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (Guess guess : guesses) {
      String bar = Bars.bar(guess.probability(), width, screen.unicode());
      String name = guess.label() + " ".repeat(longest - guess.label().length());
      Screen.Tone tone = lines.isEmpty() ? Screen.Tone.GOOD : Screen.Tone.FAINT;
      lines.add(
          "  %s %5.1f %% %s"
              .formatted(name, 100 * guess.probability(), screen.toned(tone, bar.stripTrailing()))
              .stripTrailing());
    }
    return lines;
  }

  private static List<Object> objects(Map<Path, String> skipped) {
    List<Object> objects = new ArrayList<>();
    skipped.forEach(
        (file, reason) -> objects.add(Json.object("file", file.toString(), "reason", reason)));
    return objects;
  }

  private static Object object(Answer answer) {
    return Json.object(
        "file", answer.file().toString(),
        "guesses",
            answer.guesses().stream()
                .map(
                    guess ->
                        Json.object("label", guess.label(), "probability", guess.probability()))
                .toList());
  }
}
