package dev.depthwise.cli;

import dev.depthwise.network.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code depthwise} command. */
@Command(
    name = "depthwise",
    description = "Deep image networks: build, train, and run them on pictures.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  depthwise quickstart",
      "  depthwise classify data/pictures",
      "  depthwise train --model resnet20 --data fashion-mnist --epochs 3 --out a",
      "",
      "Exit codes: 0 done, 1 failed, 2 bad input. depthwise COMMAND --help says more."
    })
public final class Main implements Runnable {
  private static final Map<String, Class<?>> COMMANDS = commands();

  private static final String DEBUG_VARIABLE = "DEPTHWISE_DEBUG";

  private static final int FAILED = 1;
  private static final int BAD_INPUT = 2;

  /** 128 + SIGPIPE: what a program ends with whose reader has gone. */
  private static final int READER_GONE = 141;

  private final Screen screen;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack of a failure (also: DEPTHWISE_DEBUG=1).")
  private boolean debug;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private CommandSpec spec;

  private static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("quickstart", QuickstartCommand.class);
    commands.put("train", TrainCommand.class);
    commands.put("evaluate", EvaluateCommand.class);
    commands.put("classify", ClassifyCommand.class);
    commands.put("embed", EmbedCommand.class);
    commands.put("data", DataCommand.class);
    commands.put("summary", SummaryCommand.class);
    commands.put("compare", CompareCommand.class);
    commands.put("draw", DrawCommand.class);
    commands.put("models", ModelsCommand.class);
    commands.put("engines", EnginesCommand.class);
    commands.put("predict", PredictCommand.class);
    commands.put("weights", WeightsCommand.class);
    commands.put("import", ImportCommand.class);
    commands.put("export", ExportCommand.class);
    return commands;
  }

  private Main(Screen screen) {
    this.screen = screen;
  }

  /** Runs the command line and exits: 0 done, 1 failed, 2 bad input. */
  public static void main(String[] arguments) {
    // Charts and pictures never need a display, and asking for one fails where there is none.
    System.setProperty("java.awt.headless", "true");
    System.exit(run(Screen.standard(), arguments));
  }

  /** Runs the command line on a screen; the exit code comes back. */
  static int run(Screen screen, String... arguments) {
    // Numbers read the same everywhere: 94.12, not 94,12.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    Main main = new Main(screen);
    try {
      int code = main.commandLine(arguments).execute(arguments);
      screen.flush();
      return code;
    } catch (Throwable failure) {
      return main.report(failure);
    }
  }

  private CommandLine commandLine(String... arguments) {
    CommandLine.Help.Ansi ansi =
        screen.hasColors() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF;
    CommandLine commandLine = new CommandLine(this);
    String first = arguments.length == 0 ? "" : arguments[0];
    // Reading the annotations of all commands takes longer than many a command.
    COMMANDS.forEach(
        (name, command) -> {
          if (name.equals(first) || (!COMMANDS.containsKey(first) && !isVersion(first))) {
            commandLine.addSubcommand(name, command);
          }
        });
    return commandLine
        .setOut(screen.outWriter())
        .setErr(screen.errWriter())
        .setColorScheme(CommandLine.Help.defaultColorScheme(ansi))
        .setUsageHelpWidth(Math.min(100, Math.max(60, screen.width())))
        .setUsageHelpLongOptionsMaxWidth(28)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setParameterExceptionHandler((fault, given) -> complain(fault))
        .setExecutionExceptionHandler((failure, command, parsed) -> report(failure));
  }

  private static boolean isVersion(String argument) {
    return argument.equals("--version") || argument.equals("-V");
  }

  /** Where this run writes. */
  Screen screen() {
    return screen;
  }

  @Override
  public void run() {
    spec.commandLine().usage(screen.outWriter());
  }

  private int complain(ParameterException fault) {
    CommandLine command = fault.getCommandLine();
    screen.complain(
        "%s; see %s --help"
            .formatted(oneLine(message(fault)), command.getCommandSpec().qualifiedName()));
    return BAD_INPUT;
  }

  private static String message(ParameterException fault) {
    CommandLine command = fault.getCommandLine();
    if (fault instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      String given = unmatched.getUnmatched().get(0);
      if (given.startsWith("-")) {
        String name = given.contains("=") ? given.substring(0, given.indexOf('=')) : given;
        List<String> known =
            command.getCommandSpec().options().stream().map(OptionSpec::longestName).toList();
        return "there is no option '%s'; %s".formatted(name, Names.suggest(name, known));
      }
      if (!command.getSubcommands().isEmpty()) {
        return "there is no command '%s'; %s"
            .formatted(given, Names.suggest(given, command.getSubcommands().keySet()));
      }
      return "'%s' is one argument too many".formatted(given);
    }
    return Objects.requireNonNullElse(fault.getMessage(), "bad arguments");
  }

  /** Says in one line what went wrong; returns the exit code that it means. */
  private int report(Throwable failure) {
    if (Screen.isReaderGone(failure)) {
      return READER_GONE;
    }
    if (debug || isSet(System.getenv(DEBUG_VARIABLE))) {
      screen.printStack(failure);
    }
    screen.complain(oneLine(Failures.message(failure)));
    return Failures.isBadInput(failure) ? BAD_INPUT : FAILED;
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  private static boolean isSet(@Nullable String value) {
    return value != null && !value.isEmpty() && !value.equals("0");
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"depthwise " + text()};
    }

    static String text() {
      String version = Main.class.getPackage().getImplementationVersion();
      return version == null ? "(unpackaged)" : version;
    }
  }
}
