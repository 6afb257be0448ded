package dev.genpt.runner;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import dev.genpt.cli.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The JUnit tests of everything but the engine, run in this JVM. */
public final class ScriptTests {
  private ScriptTests() {}

  /**
   * Runs them, with a line or a step of the progress bar a test class.
   *
   * @param classes simple name of the test classes to run, {@code *} for any letters
   */
  public static Outcome run(String classes) {
    System.out.println("Scripts, notebooks and front door: JUnit");
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectPackage("dev.genpt"))
            .filters(ClassNameFilter.includeClassNamePatterns(expression(classes)))
            .build();
    Launcher launcher = LauncherFactory.create();
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    TestPlan plan = launcher.discover(request);
    long classCount = plan.countTestIdentifiers(ScriptTests::isClass);
    try (Progress progress = Progress.of("scripts", classCount)) {
      launcher.execute(plan, summary, new ClassByClass(progress));
    }
    return outcome(summary.getSummary());
  }

  private static String expression(String simpleName) {
    return "(?:.*\\.)?" + Pattern.quote(simpleName).replace("*", "\\E.*\\Q");
  }

  private static boolean isClass(TestIdentifier identifier) {
    return identifier.getSource().filter(ClassSource.class::isInstance).isPresent();
  }

  private static Outcome outcome(TestExecutionSummary summary) {
    List<Failure> failures =
        summary.getFailures().stream()
            .map(failure ->
                new Failure(name(failure.getTestIdentifier()), stackTrace(failure.getException())))
            .toList();
    return new Outcome(
        summary.getTestsSucceededCount(),
        summary.getTotalFailureCount(),
        summary.getTestsSkippedCount() + summary.getTestsAbortedCount(),
        failures);
  }

  private static String name(TestIdentifier identifier) {
    return identifier.getLegacyReportingName() + " " + identifier.getUniqueIdObject();
  }

  private static String stackTrace(Throwable problem) {
    StringWriter trace = new StringWriter();
    problem.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }

  /** Counts the tests of a class, and reports them when the class is done. */
  private static final class ClassByClass implements TestExecutionListener {
    private final Progress progress;
    private Outcome outcome = Outcome.NONE;

    private ClassByClass(Progress progress) {
      this.progress = progress;
    }

    @Override
    public void executionSkipped(TestIdentifier identifier, String reason) {
      outcome = outcome.plus(new Outcome(0, 0, 1, List.of()));
      report(identifier);
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
      if (identifier.isTest() || result.getStatus() == TestExecutionResult.Status.FAILED) {
        outcome =
            outcome.plus(
                switch (result.getStatus()) {
                  case SUCCESSFUL -> new Outcome(1, 0, 0, List.of());
                  case FAILED -> new Outcome(0, 1, 0, List.of());
                  case ABORTED -> new Outcome(0, 0, 1, List.of());
                });
      }
      report(identifier);
    }

    private void report(TestIdentifier identifier) {
      identifier
          .getSource()
          .filter(ClassSource.class::isInstance)
          .map(source -> ((ClassSource) source).getClassName())
          .ifPresent(name -> {
            progress.step("  %-60s %s".formatted(name, outcome));
            outcome = Outcome.NONE;
          });
    }
  }
}
