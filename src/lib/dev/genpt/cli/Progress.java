package dev.genpt.cli;

import java.time.Duration;
import java.time.Instant;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How far a task of many steps has come: on a terminal a bar, once the task has run for two
 * seconds; elsewhere a plain line a step.
 *
 * <p>The bar goes to standard error, the lines to standard output. Any thread may report a step.
 */
public final class Progress implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final String task;
  private final long steps;
  private final boolean terminal;
  private final Instant start = Instant.now();
  private @Nullable ProgressBar bar;
  private String latest = "";
  private long done;
  private boolean closed;

  private Progress(String task, long steps, boolean terminal) {
    this.task = task;
    this.steps = steps;
    this.terminal = terminal;
  }

  /**
   * A task that begins now.
   *
   * @param task its name, shown before the bar
   * @param steps how many steps it has; below 0 if that is not known
   */
  public static Progress of(String task, long steps) {
    Progress progress = new Progress(task, steps, onTerminal());
    if (progress.terminal) {
      Thread.ofVirtual().start(progress::openWhenItTakesLong);
    }
    return progress;
  }

  /** Whether a person watches: standard input and output are a terminal. */
  @SuppressWarnings("SystemConsoleNull") // JDK 25 went back to the console that may be null.
  public static boolean onTerminal() {
    var console = System.console();
    return console != null && console.isTerminal();
  }

  /**
   * One step is done.
   *
   * @param line what a reader of a log wants to know about the step; the bar shows it on a terminal
   */
  public synchronized void step(String line) {
    reach(done + 1, line);
  }

  /**
   * So many steps are done, for a task that tells of several at a time.
   *
   * @param stepsDone how many, of all
   * @param line as for {@link #step}
   */
  public synchronized void reach(long stepsDone, String line) {
    done = stepsDone;
    latest = line;
    if (!terminal) {
      System.out.println(line);
    } else if (bar != null) {
      show(bar);
    }
  }

  private void openWhenItTakesLong() {
    try {
      Thread.sleep(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    open();
  }

  private synchronized void open() {
    if (closed) {
      return;
    }
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(steps)
            .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
            .setUpdateIntervalMillis(200)
            .clearDisplayOnFinish()
            .startsFrom(done, Duration.between(start, Instant.now()))
            .build();
    show(bar);
  }

  private void show(ProgressBar open) {
    open.stepTo(done);
    open.setExtraMessage(" " + latest);
  }

  /** The task is over: the bar goes away. */
  @Override
  public synchronized void close() {
    closed = true;
    if (bar != null) {
      bar.close();
    }
  }
}
