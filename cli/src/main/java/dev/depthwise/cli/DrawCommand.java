package dev.depthwise.cli;

import dev.depthwise.draw.Area;
import dev.depthwise.draw.Colour;
import dev.depthwise.draw.Depth;
import dev.depthwise.draw.Diagram;
import dev.depthwise.draw.Figure;
import dev.depthwise.draw.Html;
import dev.depthwise.draw.Png;
import dev.depthwise.draw.Scene;
import dev.depthwise.draw.Svg;
import dev.depthwise.network.InputException;
import dev.depthwise.weights.Publish;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Draws a network. */
@Command(
    name = "draw",
    description = {
      "Draw a network, or a figure that explains one, as a picture.",
      "",
      "Columns are read downwards, then to the right. Blocks are found in the wiring; what is"
          + " repeated stands once, with its number. Auxiliary heads stand beside the main path, if the network"
          + " has them: a network of the zoo with --auxiliary."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise draw --model resnet50 --out resnet50.svg",
      "  depthwise draw --model xception --depth stages --out xception.png",
      "  depthwise draw --model runs/first --colour cost --out first.svg",
      "  depthwise draw --model vgg16 --area cost --colour cost --out vgg16.svg",
      "  depthwise draw --model googlenet --auxiliary --out googlenet.html",
      "  depthwise draw --figure separable --input 100x64x64 --filters 20 --out separable.svg"
    })
final class DrawCommand implements Runnable {
  /** Sharp on a projector. */
  private static final double SCALE = 2;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private Main main;

  @Mixin private final GraphOptions which = new GraphOptions();

  @Option(
      names = "--figure",
      paramLabel = "FIGURE",
      description =
          "Instead of a model: filter, pointwise, separable, inception-naive, inception-reduced"
              + " or residual-block; --input, --filters and --kernel set its numbers.")
  @Nullable String figure;

  @Option(names = "--filters", paramLabel = "N", description = "With --figure: how many filters.")
  @Nullable Integer filters;

  @Option(names = "--kernel", paramLabel = "K", description = "With --figure: the window's side.")
  @Nullable Integer kernel;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "What to write: .svg, .png or .html (blocks to open and close, zoom, search).")
  @SuppressWarnings("NullAway.Init") // required
  private String out;

  @Option(
      names = "--depth",
      paramLabel = "stages|blocks|layers",
      description = "How much to show (default: ${DEFAULT-VALUE}).",
      defaultValue = "blocks")
  private Depth depth = Depth.BLOCKS;

  @Option(
      names = "--colour",
      paramLabel = "kind|cost",
      description = "What colours mean (default: ${DEFAULT-VALUE}).",
      defaultValue = "kind")
  private Colour colour = Colour.KIND;

  @Option(
      names = "--area",
      paramLabel = "none|cost",
      description =
          "What a square in each box is as large as: nothing, or its multiply-adds (default: ${DEFAULT-VALUE}).",
      defaultValue = "none")
  private Area area = Area.NONE;

  @Override
  public void run() {
    Path target = Models.path(out);
    requireKnown(out);
    if (figure != null) {
      write(target, figure(figure));
      main.screen().line("wrote " + out);
      return;
    }
    if (filters != null || kernel != null) {
      throw new InputException("--filters and --kernel are for --figure; leave them out");
    }
    if (which.model == null) {
      throw new InputException("needs a model: depthwise draw --model resnet50 --out resnet50.svg");
    }
    draw(target, which.graph(which.model));
    main.screen().line("wrote " + out);
  }

  private Scene figure(String name) {
    if (which.model != null) {
      throw new InputException("draws a model or a figure: leave out --model or --figure");
    }
    if (isPage(out)) {
      throw new InputException("a figure is no page; end --out in .svg or .png");
    }
    which.network.refuseBesideInput("--figure " + name);
    return Figure.parse(name)
        .draw(
            Optional.ofNullable(which.network.input).map(NetworkOptions::shape),
            Optional.ofNullable(filters),
            Optional.ofNullable(kernel));
  }

  private void draw(Path target, NamedGraph named) {
    if (isPage(out)) {
      if (area != Area.NONE) {
        throw new InputException(
            "a page has no areas: end --out in .svg or .png, or leave out --area");
      }
      String page = Html.of(named.title(), colour, named.graph());
      Publish.file(target, path -> Files.writeString(path, page));
    } else {
      write(target, new Diagram(named.title(), depth, colour, area).draw(named.graph()));
    }
  }

  /** Refuses a file of another kind. */
  static void requireKnown(String name) {
    if (!name.toLowerCase(Locale.ROOT).matches(".*\\.(svg|png|html)")) {
      throw new InputException(
          "--out '%s' is no picture; end it in .svg, .png or .html".formatted(name));
    }
  }

  /** Whether a file is a page rather than a picture. */
  static boolean isPage(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(".html");
  }

  /** Writes a picture of the kind that its name says. */
  static void write(Path target, Scene scene) {
    boolean png = target.toString().toLowerCase(Locale.ROOT).endsWith(".png");
    Publish.file(
        target,
        path -> {
          if (png) {
            try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(path))) {
              Png.write(scene, SCALE, stream);
            }
          } else {
            Files.writeString(path, Svg.of(scene));
          }
        });
  }
}
