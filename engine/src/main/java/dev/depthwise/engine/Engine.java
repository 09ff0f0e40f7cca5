package dev.depthwise.engine;

import dev.depthwise.network.Model;

/** Compiles networks to something that runs; found by {@link java.util.ServiceLoader}. */
public interface Engine {
  /** The name that options use: lower case, no spaces. */
  String name();

  /** What it runs on, in one line for people: library, version, instruction set, threads. */
  String description();

  /** Whether it can run on this machine. */
  boolean isAvailable();

  /** The larger, the sooner it is chosen where nobody names one. */
  int priority();

  /**
   * Compiles a network for inference. Takes up to some seconds.
   *
   * @throws IllegalArgumentException naming node and operation, if it lacks one
   */
  Executable compile(Model model, CompileOptions options);

  /**
   * Compiles a network for training.
   *
   * @throws IllegalArgumentException naming node and operation, if it lacks one
   */
  TrainingExecutable compileTraining(Model model, TrainingOptions options);
}
