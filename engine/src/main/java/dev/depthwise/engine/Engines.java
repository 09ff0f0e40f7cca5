package dev.depthwise.engine;

import dev.depthwise.network.InputException;
import dev.depthwise.network.Names;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The engines on the class path. */
public final class Engines {
  private Engines() {}

  /** All engines, those that can run here and are fastest first. */
  public static List<Engine> all() {
    return ServiceLoader.load(Engine.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(
            Comparator.comparing((Engine engine) -> !engine.isAvailable())
                .thenComparing(engine -> -engine.priority()))
        .toList();
  }

  /** The fastest engine that can run on this machine. */
  public static Engine best() {
    List<Engine> engines = all();
    if (engines.isEmpty() || !engines.get(0).isAvailable()) {
      throw new IllegalStateException(
          "no engine can run here: put depthwise-engine-onednn on the class path");
    }
    return engines.get(0);
  }

  /**
   * The engine of that name.
   *
   * @throws InputException if there is none, or if it cannot run here
   */
  public static Engine named(String name) {
    List<Engine> engines = all();
    for (Engine engine : engines) {
      if (engine.name().equals(name)) {
        if (!engine.isAvailable()) {
          throw new InputException(
              "engine %s cannot run here: %s".formatted(name, engine.description()));
        }
        return engine;
      }
    }
    throw new InputException(
        "there is no engine '%s'; %s"
            .formatted(name, Names.suggest(name, engines.stream().map(Engine::name).toList())));
  }
}
