package dev.genpt.vectors;

import dev.genpt.memory.PageAllocator;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One scenario replayed and compared, up to the first operation that answers otherwise than it
 * must.
 */
final class ScenarioReplay {
  private static final String OPENING = "init";
  private static final String CLOSING = "dump at the end";

  private final Scenario scenario;
  private final PageAllocator pages;
  private final NavigableMap<Integer, NavigableSet<Integer>> rules = new TreeMap<>();
  private String place = OPENING;

  private ScenarioReplay(Scenario scenario, PageAllocator pages) {
    this.scenario = scenario;
    this.pages = pages;
  }

  /**
   * Replays {@code scenario}.
   *
   * @param pages where the tables come from; they go back there
   */
  static ScenarioResult run(Scenario scenario, PageAllocator pages) {
    var run = new ScenarioReplay(scenario, pages);
    List<String> problems;
    try {
      problems = run.compare();
    } catch (RuntimeException e) {
      // An engine that breaks off fails this scenario; the others still tell something.
      problems = List.of("the engine broke off: " + e);
    }
    return problems.isEmpty()
        ? new ScenarioResult.Passed(
            scenario.name(), Collections.unmodifiableNavigableMap(run.rules))
        : new ScenarioResult.Failed(scenario.name(), run.place, problems);
  }

  private List<String> compare() {
    try (Replay<?, ?> replay = scenario.config().replay(pages)) {
      Answer recorded = scenario.opening();
      Answer due = scenario.config().dueOpening(recorded);
      if (!due.equals(recorded)) {
        rules.put(-1, new TreeSet<>(List.of(CoveringRootRule.NUMBER)));
      }
      Answer got = withNarrowedSizes(replay.opening(), due);
      List<String> problems = compare(due, recorded, got, Optional.empty());
      return problems.isEmpty() && scenario.dump().isPresent()
          ? compareSteps(replay, scenario.dump().get())
          : problems;
    }
  }

  /**
   * {@code opening} with the page sizes that are left, if the scenario narrows them and {@code due}
   * shows those: a recording may have looked before or after.
   */
  private Answer withNarrowedSizes(Answer opening, Answer due) {
    OptionalLong kept = scenario.config().pageSizes();
    OptionalLong offered = opening.hex(Answer.PGSIZE_BITMAP);
    if (kept.isEmpty() || offered.isEmpty()) {
      return opening;
    }
    Value left = new Value.Hex(offered.getAsLong() & kept.getAsLong());
    return due.holds(Answer.PGSIZE_BITMAP, left)
        ? opening.with(Answer.PGSIZE_BITMAP, left)
        : opening;
  }

  private List<String> compareSteps(Replay<?, ?> replay, TableImage dump) {
    TableImages images = replay.images();
    List<Scenario.Step> steps = scenario.steps();
    try (Expectation expectation = replay.expectation(scenario)) {
      for (int number = 0; number < steps.size(); number++) {
        Scenario.Step step = steps.get(number);
        place = "ops[%d] %s".formatted(number, step.operation().text());
        Answer due = expectation.of(number, step);
        Answer got = replay.run(step.operation());
        if (expectation.leavesZeroOpen()) {
          due = ZeroAddress.resolve(scenario, number + 1, due, got, images);
        }
        List<String> problems = compare(due, step.recorded(), got, Optional.of(images));
        if (!problems.isEmpty()) {
          return problems;
        }
      }
      place = CLOSING;
      Answer recorded = Answer.empty().with(Answer.TREE, new Value.Tree(dump));
      var closing = new Scenario.Step(new Operation.Dump(), recorded);
      Answer due = expectation.of(steps.size(), closing);
      rules.putAll(expectation.rulesMet());
      return compare(due, recorded, replay.run(closing.operation()), Optional.of(images));
    }
  }

  private static List<String> compare(
      Answer due, Answer recorded, Answer got, Optional<TableImages> images) {
    return Difference.between(due, recorded, got, images).stream().map(Difference::text).toList();
  }
}
