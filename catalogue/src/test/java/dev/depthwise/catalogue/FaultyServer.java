package dev.depthwise.catalogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server on this machine that answers every request as it is told to, however wrong. */
final class FaultyServer implements AutoCloseable {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");

  private final ServerSocket socket;
  private final List<Answer> answers;
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /** What to answer. */
  @FunctionalInterface
  interface Answer {
    void to(Request request, OutputStream out) throws IOException;
  }

  /**
   * What was asked.
   *
   * @param headers by their names in lower case
   */
  record Request(String path, Map<String, String> headers) {
    String header(String name) {
      return Objects.requireNonNullElse(headers.get(name.toLowerCase(Locale.ROOT)), "");
    }

    /** The first byte that is wanted. */
    int first() {
      Matcher range = RANGE.matcher(header("Range"));
      return range.matches() ? Integer.parseInt(range.group(1)) : 0;
    }
  }

  private FaultyServer(ServerSocket socket, List<Answer> answers) {
    this.socket = socket;
    this.answers = answers;
  }

  /** Gives one answer to each connection; the last one to all further ones. */
  static FaultyServer answering(Answer... answers) throws IOException {
    FaultyServer server =
        new FaultyServer(
            new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), List.of(answers));
    daemon(server::accept);
    return server;
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "faulty-server");
    thread.setDaemon(true);
    thread.start();
  }

  URI address(String path) {
    return URI.create("http://127.0.0.1:%d/%s".formatted(socket.getLocalPort(), path));
  }

  List<Request> requests() {
    return requests;
  }

  private void accept() {
    while (true) {
      try {
        Socket connection = socket.accept();
        daemon(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(connection.getInputStream(), ISO_8859_1));
      String first = reader.readLine();
      if (first == null) {
        return;
      }
      Map<String, String> headers = new TreeMap<>();
      for (String line = reader.readLine();
          line != null && !line.isEmpty();
          line = reader.readLine()) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      Request request = new Request(first.split(" ", -1)[1], headers);
      int index;
      synchronized (requests) {
        index = Math.min(requests.size(), answers.size() - 1);
        requests.add(request);
      }
      answers.get(index).to(request, connection.getOutputStream());
    } catch (IOException ignored) {
      // Whoever asked has gone, as some tests want.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** All of a file, or what is asked for of it, as a good server has it. */
  static Answer good(byte[] file, String mark) {
    return (request, out) -> {
      if (request.first() > 0 && request.header("If-Range").equals(mark)) {
        rest(file, mark).to(request, out);
      } else {
        whole(file, "ETag: " + mark).to(request, out);
      }
    };
  }

  /** The rest of a file, whatever the mark that is asked for. */
  static Answer rest(byte[] file, String mark) {
    return (request, out) -> {
      int first = request.first();
      head(
          out,
          206,
          "ETag: " + mark,
          "Content-Length: " + (file.length - first),
          "Content-Range: bytes %d-%d/%d".formatted(first, file.length - 1, file.length));
      out.write(file, first, file.length - first);
    };
  }

  /** All of a file, whatever part is asked for. */
  static Answer whole(byte[] file, String... more) {
    return (request, out) -> {
      head(out, 200, with("Content-Length: " + file.length, more));
      out.write(file);
    };
  }

  /** The first bytes of a file; then the line is cut. */
  static Answer cut(byte[] file, int after, String... more) {
    return (request, out) -> {
      head(out, 200, with("Content-Length: " + file.length, more));
      out.write(file, 0, after);
    };
  }

  /** The first bytes of a file; then nothing, and the line stays open. */
  static Answer stalled(CountDownLatch until, byte[] file, int after, String... more) {
    return (request, out) -> {
      cut(file, after, more).to(request, out);
      out.flush();
      silence(until).to(request, out);
    };
  }

  /** Nothing at all. */
  static Answer silence(CountDownLatch until) {
    return (request, out) -> {
      try {
        until.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /** A status and no more. */
  static Answer status(int status, String... headers) {
    return (request, out) -> head(out, status, with("Content-Length: 0", headers));
  }

  static void head(OutputStream out, int status, String... headers) throws IOException {
    String text =
        "HTTP/1.1 %d Said\r\n%s\r\nConnection: close\r\n\r\n"
            .formatted(status, String.join("\r\n", headers));
    out.write(text.getBytes(ISO_8859_1));
  }

  private static String[] with(String first, String... more) {
    String[] all = Arrays.copyOf(more, more.length + 1);
    all[more.length] = first;
    return all;
  }
}
