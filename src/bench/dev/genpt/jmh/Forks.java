package dev.genpt.jmh;

import java.util.concurrent.locks.LockSupport;

/**
 * The processes that JMH starts: they end with this JVM, and an ending JVM is no failure to tell
 * of.
 */
final class Forks implements AutoCloseable {
  private final Thread hook = new Thread(this::endWithJvm, "end of forks");
  private volatile boolean ending;

  Forks() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void endWithJvm() {
    ending = true;
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }

  /** Does not return when the JVM is ending. */
  @Override
  public void close() {
    while (ending) {
      LockSupport.park();
    }
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
