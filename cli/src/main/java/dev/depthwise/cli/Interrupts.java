package dev.depthwise.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Ctrl-C and its like, while something must be finished before the program ends: the first asks for
 * the end, the second is the end.
 *
 * <p>Java has signals only in {@code sun.misc}, which every JDK exports but whose use a compiler
 * warns of; so it is called by reflection. Where that fails, a signal ends the program at once, and
 * what is on the disk stays.
 */
final class Interrupts implements AutoCloseable {
  private static final List<String> SIGNALS = List.of("INT", "TERM");

  /** What a shell adds to a signal's number. */
  private static final int SIGNALLED = 128;

  private final Runnable ask;
  private final List<Runnable> restorers = new ArrayList<>();
  private volatile int code;

  /**
   * Takes over from now on.
   *
   * @param ask what the first signal does, on a thread of its own
   */
  Interrupts(Runnable ask) {
    this.ask = ask;
    SIGNALS.forEach(this::handle);
  }

  /** What the program ends with if a signal came; 0 if none did. */
  int code() {
    return code;
  }

  private void handle(String name) {
    try {
      Class<?> signals = Class.forName("sun.misc.Signal");
      Class<?> handlers = Class.forName("sun.misc.SignalHandler");
      Object signal = signals.getConstructor(String.class).newInstance(name);
      int number = (int) signals.getMethod("getNumber").invoke(signal);
      Method handle = signals.getMethod("handle", signals, handlers);
      Object handler =
          Proxy.newProxyInstance(
              handlers.getClassLoader(),
              new Class<?>[] {handlers},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  came(SIGNALLED + number);
                }
                return null;
              });
      Object before = handle.invoke(null, signal, handler);
      restorers.add(
          () -> {
            try {
              handle.invoke(null, signal, before);
            } catch (ReflectiveOperationException e) {
              throw new IllegalStateException(e);
            }
          });
    } catch (ReflectiveOperationException e) {
      // Someone has told this Java to leave signals alone (-Xrs), or it has none of this name.
    }
  }

  private synchronized void came(int exitCode) {
    if (code != 0) {
      Runtime.getRuntime().halt(exitCode);
    }
    code = exitCode;
    ask.run();
  }

  @Override
  public void close() {
    restorers.forEach(Runnable::run);
  }
}
