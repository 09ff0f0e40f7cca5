package dev.depthwise.catalogue;

import dev.depthwise.network.InputException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy a request goes through: the one that Java's own settings name, else that of the
 * variables {@code https_proxy} or {@code HTTPS_PROXY} ({@code http_proxy} for http), but for the
 * hosts of {@code no_proxy} or {@code NO_PROXY}. As with Go's and curl's: this machine is never
 * behind a proxy, and of a variable in both cases, the lower one counts.
 */
final class Proxies extends ProxySelector {
  private static final Pattern ADDRESS =
      Pattern.compile("(?i)(?:http://)?([a-z0-9._-]+|\\[[0-9a-f:]+\\]):(\\d{1,5})/?");
  private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

  private final @Nullable ProxySelector own;
  private final Function<String, Optional<String>> environment;

  /**
   * Proxies of a machine.
   *
   * @param own Java's; null if it has none
   * @param environment a variable's value
   */
  Proxies(@Nullable ProxySelector own, Function<String, Optional<String>> environment) {
    this.own = own;
    this.environment = environment;
  }

  /** Those of this process. */
  static Proxies usual() {
    return new Proxies(
        ProxySelector.getDefault(), name -> Optional.ofNullable(System.getenv(name)));
  }

  @Override
  public List<Proxy> select(URI address) {
    List<Proxy> chosen = own == null ? DIRECT : own.select(address);
    if (chosen.stream().anyMatch(proxy -> proxy.type() != Proxy.Type.DIRECT)) {
      return chosen;
    }
    String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
    boolean secret = "https".equalsIgnoreCase(address.getScheme());
    // HTTP_PROXY in capitals is what a web server hands on of a request: curl passes it over too.
    Optional<String> name =
        (secret ? Stream.of("https_proxy", "HTTPS_PROXY") : Stream.of("http_proxy"))
            .filter(variable -> value(variable).isPresent())
            .findFirst();
    if (name.isEmpty() || isHere(host) || isExcepted(host, port(address, secret))) {
      return DIRECT;
    }
    return List.of(proxy(name.get(), value(name.get()).orElseThrow()));
  }

  private Optional<String> value(String variable) {
    return environment.apply(variable).map(String::strip).filter(text -> !text.isEmpty());
  }

  private static int port(URI address, boolean secret) {
    return address.getPort() >= 0 ? address.getPort() : secret ? 443 : 80;
  }

  private static boolean isHere(String host) {
    return host.equals("localhost")
        || host.matches("127(\\.\\d{1,3}){3}")
        || host.equals("[::1]")
        || host.equals("::1");
  }

  private boolean isExcepted(String host, int port) {
    String exceptions = value("no_proxy").or(() -> value("NO_PROXY")).orElse("");
    for (String part : exceptions.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
      String bare = part.replaceFirst("^\\*?\\.", "").replaceFirst(":" + port + "$", "");
      boolean covers = bare.equals("*") || host.equals(bare) || host.endsWith("." + bare);
      if (!bare.isEmpty() && covers) {
        return true;
      }
    }
    return false;
  }

  private static Proxy proxy(String variable, String text) {
    Matcher matcher = ADDRESS.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 0xffff) {
      // The text may hold a password, so it is not repeated.
      throw new InputException(
          "the variable %s names no proxy that can be used; expected http://HOST:PORT, without a name and password; or set https.proxyHost and https.proxyPort of Java"
              .formatted(variable));
    }
    return new Proxy(
        Proxy.Type.HTTP,
        InetSocketAddress.createUnresolved(matcher.group(1), Integer.parseInt(matcher.group(2))));
  }

  @Override
  public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
    if (own != null) {
      own.connectFailed(address, proxy, failure);
    }
  }
}
