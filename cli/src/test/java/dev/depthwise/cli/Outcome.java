package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** What a command did. */
record Outcome(int code, String out, String err) {
  /** Runs the command line as a person would whose output goes to files. */
  static Outcome of(Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Screen screen =
        Screen.plain(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    int code = Main.run(screen, Arrays.stream(arguments).map(Outcome::text).toArray(String[]::new));
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static String text(Object argument) {
    return argument instanceof Path path ? path.toString() : String.valueOf(argument);
  }

  /** It did what it was asked for. */
  Outcome succeeds() {
    assertThat(code).as("exit code; stderr: %s", err).isZero();
    return this;
  }

  /** It refused in one line that says all of this, and did nothing. */
  Outcome refuses(String... parts) {
    assertThat(err.lines().filter(line -> line.startsWith("depthwise: ")))
        .as("complaints in: %s", err)
        .singleElement()
        .satisfies(line -> assertThat(line).contains(parts));
    assertThat(err).doesNotContain("Exception", "\tat ");
    assertThat(code).isEqualTo(2);
    return this;
  }
}
