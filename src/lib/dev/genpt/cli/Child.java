package dev.genpt.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A child process that ends, with all that it started, when it is closed or this JVM ends.
 *
 * <p>Threads: one starts and closes it; any may wait for it.
 */
public final class Child implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;

  private final Process process;
  private final Thread hook = new Thread(this::endWithJvm, "end of child");
  private volatile boolean ending;

  private Child(Process process) {
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @throws IOException if it can't be started
   */
  public static Child start(ProcessBuilder builder) throws IOException {
    Child child = new Child(builder.start());
    Runtime.getRuntime().addShutdownHook(child.hook);
    return child;
  }

  /** The process itself, for its streams. */
  public Process process() {
    return process;
  }

  /** The exit status. Does not return when the JVM is ending: Ctrl-C is no failure to tell of. */
  public int waitFor() throws InterruptedException {
    int status = process.waitFor();
    while (ending) {
      LockSupport.park();
    }
    return status;
  }

  @Override
  public void close() {
    if (!ending) {
      Runtime.getRuntime().removeShutdownHook(hook);
      end();
    }
  }

  private void endWithJvm() {
    ending = true;
    end();
  }

  /** Asks politely, then ends what is still there. */
  private void end() {
    List<ProcessHandle> family =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    process.destroy();
    try {
      process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    family.forEach(ProcessHandle::destroyForcibly);
  }
}
