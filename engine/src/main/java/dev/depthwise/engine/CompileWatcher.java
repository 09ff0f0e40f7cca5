package dev.depthwise.engine;

/** Looks on while a network is compiled. */
@FunctionalInterface
public interface CompileWatcher {
  /** Looks at nothing. */
  CompileWatcher NONE = (pass, result) -> {};

  /**
   * Called after each pass.
   *
   * @param pass its name
   * @param result the graph or the plan it made; its string is for people
   */
  void after(String pass, Object result);
}
