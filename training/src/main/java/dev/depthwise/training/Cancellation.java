package dev.depthwise.training;

/** Asks a run to stop after the step it is at; any thread may. */
public final class Cancellation {
  private volatile boolean requested;

  /** Asks. It cannot be taken back. */
  public void request() {
    requested = true;
  }

  /** Whether somebody has asked. */
  public boolean isRequested() {
    return requested;
  }
}
