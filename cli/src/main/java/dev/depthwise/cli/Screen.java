package dev.depthwise.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a command writes, and what can be shown there.
 *
 * @param out for results
 * @param err for progress and complaints
 * @param outTerminal whether a person looks at {@code out}
 * @param errTerminal whether a person looks at {@code err}
 * @param colors that a terminal shows
 * @param charset of both streams
 * @param width columns of the terminal
 */
record Screen(
    PrintStream out,
    PrintStream err,
    boolean outTerminal,
    boolean errTerminal,
    Colors colors,
    Charset charset,
    int width) {
  /** What colours a terminal can show. */
  enum Colors {
    NONE,
    /** The 256 of xterm. */
    PALETTE,
    /** 24 bits. */
    TRUE
  }

  /** What a piece of text means. */
  enum Tone {
    STRONG("1"),
    FAINT("2"),
    GOOD("32"),
    FIRST("36"),
    SECOND("33");

    private final String code;

    Tone(String code) {
      this.code = code;
    }
  }

  private static final int USUAL_WIDTH = 80;

  /** Standard output and error. */
  static Screen standard() {
    String terminals = System.getProperty("depthwise.terminals");
    boolean console = terminals == null && isConsole();
    boolean outTerminal = terminals == null ? console : terminals.contains("out");
    boolean errTerminal = terminals == null ? console : terminals.contains("err");
    Charset charset = outputCharset();
    return new Screen(
        stream(new FileOutputStream(FileDescriptor.out), charset),
        stream(new FileOutputStream(FileDescriptor.err), charset),
        outTerminal,
        errTerminal,
        outTerminal ? colors(System.getenv("TERM"), System.getenv("COLORTERM")) : Colors.NONE,
        charset,
        width(System.getProperty("depthwise.columns")));
  }

  /** A screen that nobody looks at. */
  static Screen plain(PrintStream out, PrintStream err) {
    return new Screen(out, err, false, false, Colors.NONE, StandardCharsets.UTF_8, USUAL_WIDTH);
  }

  /** Whether a person looks on, as well as Java can tell without the launcher. */
  @SuppressWarnings("SystemConsoleNull") // the newer Javas that never say null are asked further
  private static boolean isConsole() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true; // before Java 22, where there is a console there is a terminal
    }
  }

  /** A stream that fails where it cannot be written to, instead of going on in silence. */
  static PrintStream stream(OutputStream target, Charset charset) {
    return new PrintStream(new Pipe(target), false, charset);
  }

  private static Charset outputCharset() {
    String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding"));
    if (name == null || !Charset.isSupported(name)) {
      return StandardCharsets.US_ASCII;
    }
    return Charset.forName(name);
  }

  private static Colors colors(@Nullable String terminal, @Nullable String colorTerminal) {
    String noColor = System.getenv("NO_COLOR");
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    if ((noColor != null && !noColor.isEmpty())
        || "dumb".equals(terminal)
        || (terminal == null && !windows)) {
      return Colors.NONE;
    }
    String kind = colorTerminal == null ? "" : colorTerminal.toLowerCase(Locale.ROOT);
    return kind.contains("truecolor") || kind.contains("24bit") ? Colors.TRUE : Colors.PALETTE;
  }

  private static int width(@Nullable String columns) {
    if (columns == null || !columns.matches("[1-9][0-9]{0,3}")) {
      return USUAL_WIDTH;
    }
    return Integer.parseInt(columns);
  }

  /** Whether block characters arrive as such. */
  boolean unicode() {
    return charset.newEncoder().canEncode('█');
  }

  /** Whether text may be coloured. */
  boolean hasColors() {
    return colors != Colors.NONE;
  }

  /** Writes a line of the result. */
  void line(String text) {
    out.print(text + "\n");
    out.flush();
  }

  /** Writes a line that belongs to no result: what goes on, what to do next. */
  void note(String text) {
    err.print(text + "\n");
    err.flush();
  }

  /** Writes what is wrong. */
  void complain(String text) {
    note("depthwise: " + text);
  }

  /** The text in a tone, where there are colours. */
  String toned(Tone tone, String text) {
    return hasColors() ? "\u001b[" + tone.code + "m" + text + "\u001b[0m" : text;
  }

  /** How many columns a text takes, its tones not counted. */
  static int columns(String text) {
    return text.replaceAll("\u001b\\[[0-9;]*m", "").length();
  }

  void flush() {
    out.flush();
    err.flush();
  }

  PrintWriter outWriter() {
    return new PrintWriter(new OutputStreamWriter(out, charset), true);
  }

  PrintWriter errWriter() {
    return new PrintWriter(new OutputStreamWriter(err, charset), true);
  }

  void printStack(Throwable failure) {
    failure.printStackTrace(err);
    err.flush();
  }

  /** Whether a failure only says that whoever read our output has gone. */
  static boolean isReaderGone(Throwable failure) {
    return failure instanceof UnwritableException unwritable
        && String.valueOf(unwritable.getMessage()).contains("Broken pipe");
  }

  /** Standard output takes nothing more. */
  static final class UnwritableException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    UnwritableException(IOException cause) {
      super("the output cannot be written: " + cause.getMessage(), cause);
    }
  }

  /** Does not let a print stream swallow that nobody reads any more. */
  private static final class Pipe extends OutputStream {
    private final OutputStream target;

    Pipe(OutputStream target) {
      this.target = target;
    }

    @Override
    public void write(int value) {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      try {
        target.write(bytes, offset, length);
      } catch (IOException e) {
        throw new UnwritableException(e);
      }
    }
  }
}
