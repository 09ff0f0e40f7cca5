package dev.depthwise.catalogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class ProxiesTest {
  @Test
  void theVariablesNameAProxy() {
    assertThat(chosen(Map.of("https_proxy", "http://proxy.example:3128"), "https://a.example/x"))
        .isEqualTo("proxy.example:3128");
    assertThat(chosen(Map.of("HTTPS_PROXY", "proxy.example:3128/"), "https://a.example/x"))
        .isEqualTo("proxy.example:3128");
    assertThat(
            chosen(
                Map.of("HTTPS_PROXY", "big.example:1", "https_proxy", "small.example:2"),
                "https://a.example/x"))
        .isEqualTo("small.example:2");
    assertThat(chosen(Map.of("http_proxy", "http://proxy.example:1"), "http://a.example/x"))
        .isEqualTo("proxy.example:1");
    assertThat(chosen(Map.of(), "https://a.example/x")).isEmpty();
    assertThat(chosen(Map.of("https_proxy", " "), "https://a.example/x")).isEmpty();
    // Each is of its own scheme; and HTTP_PROXY is what a web server may have been told.
    assertThat(chosen(Map.of("https_proxy", "proxy.example:1"), "http://a.example/x")).isEmpty();
    assertThat(chosen(Map.of("http_proxy", "proxy.example:1"), "https://a.example/x")).isEmpty();
    assertThat(chosen(Map.of("HTTP_PROXY", "proxy.example:1"), "http://a.example/x")).isEmpty();
  }

  @Test
  void someHostsAreExcepted() {
    for (String excepted :
        List.of(
            "a.example",
            "example",
            ".example",
            "*.example",
            "*",
            "b.example, A.EXAMPLE",
            "a.example:443")) {
      assertThat(through(excepted, "https://a.example/x")).as(excepted).isEmpty();
    }
    for (String other :
        List.of("b.example", "ample", "a.example:80", "a.example.org", "", ",", "x.a.example")) {
      assertThat(through(other, "https://a.example/x")).as(other).isEqualTo("proxy.example:1");
    }
    assertThat(
            chosen(
                Map.of("HTTPS_PROXY", "proxy.example:1", "NO_PROXY", "a.example"),
                "https://a.example/x"))
        .isEmpty();
    for (String here : List.of("localhost", "127.0.0.1", "127.9.8.7:99", "[::1]:80")) {
      assertThat(through("", "https://" + here + "/x")).as(here).isEmpty();
    }
    assertThat(through("", "https://127.example.org/x")).isEqualTo("proxy.example:1");
  }

  private static String through(String exceptions, String address) {
    return chosen(Map.of("https_proxy", "proxy.example:1", "no_proxy", exceptions), address);
  }

  @Test
  void javasOwnSettingsComeFirst() {
    ProxySelector own = ProxySelector.of(InetSocketAddress.createUnresolved("java.example", 9));
    Proxies proxies =
        new Proxies(own, name -> Optional.ofNullable(Map.of("https_proxy", "b:1").get(name)));
    assertThat(proxies.select(URI.create("https://a.example/x")))
        .containsExactly(
            new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("java.example", 9)));
  }

  @Test
  void whatIsNoProxyIsRefusedWithoutRepeatingIt() {
    for (String text :
        List.of(
            "http://me:secret@proxy.example:3128",
            "socks5://proxy.example:1080",
            "https://proxy.example:443",
            "proxy.example",
            "proxy.example:99999")) {
      assertThatThrownBy(() -> chosen(Map.of("HTTPS_PROXY", text), "https://a.example/x"))
          .as(text)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("HTTPS_PROXY names no proxy")
          .hasMessageNotContaining("secret");
    }
  }

  private static String chosen(Map<String, String> environment, String address) {
    Proxies proxies = new Proxies(null, name -> Optional.ofNullable(environment.get(name)));
    Proxy proxy = proxies.select(URI.create(address)).get(0);
    return proxy.type() == Proxy.Type.DIRECT
        ? ""
        : "%s:%d"
            .formatted(
                ((InetSocketAddress) proxy.address()).getHostString(),
                ((InetSocketAddress) proxy.address()).getPort());
  }

  /** A proxy on this machine sees what is asked for, of hosts that there are not. */
  @Test
  void requestsGoThroughIt() throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread proxy = new Thread(() -> serve(socket, asked), "proxy");
      proxy.setDaemon(true);
      proxy.start();
      String address = "http://127.0.0.1:" + socket.getLocalPort();
      Map<String, String> environment = Map.of("http_proxy", address, "https_proxy", address);
      HttpClient client =
          HttpClient.newBuilder()
              .connectTimeout(Duration.ofSeconds(20))
              .proxy(new Proxies(null, name -> Optional.ofNullable(environment.get(name))))
              .build();

      HttpResponse<String> plain =
          client.send(get("http://weights.invalid/w.h5"), HttpResponse.BodyHandlers.ofString());
      assertThat(plain.body()).isEqualTo("by proxy");
      // It opens no tunnel, so nothing comes; but it was asked for one.
      assertThatThrownBy(
              () ->
                  client.send(
                      get("https://weights.invalid/w.h5"), HttpResponse.BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
      assertThat(asked)
          .contains(
              "GET http://weights.invalid/w.h5 HTTP/1.1", "CONNECT weights.invalid:443 HTTP/1.1");
    }
  }

  private static HttpRequest get(String address) {
    return HttpRequest.newBuilder(URI.create(address))
        .version(HttpClient.Version.HTTP_1_1)
        .timeout(Duration.ofSeconds(20))
        .build();
  }

  private static void serve(ServerSocket socket, List<String> asked) {
    while (!socket.isClosed()) {
      try (Socket connection = socket.accept()) {
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(connection.getInputStream(), ISO_8859_1));
        String first = reader.readLine();
        for (String line = first; line != null && !line.isEmpty(); line = reader.readLine()) {
          if (line.equals(first)) {
            asked.add(line);
          }
        }
        String answer =
            first != null && first.startsWith("GET")
                ? "HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\nby proxy"
                : "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        connection.getOutputStream().write(answer.getBytes(ISO_8859_1));
      } catch (IOException e) {
        // The test is over, or one connection is.
      }
    }
  }
}
