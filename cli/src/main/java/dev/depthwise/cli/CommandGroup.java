package dev.depthwise.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A command that only holds others: alone, it says what they are. */
abstract class CommandGroup implements Runnable {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private Main main;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before run
  private CommandSpec spec;

  /** Where this run writes. */
  final Screen screen() {
    return main.screen();
  }

  @Override
  public final void run() {
    spec.commandLine().usage(screen().outWriter());
  }
}
