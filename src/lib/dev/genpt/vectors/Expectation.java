package dev.genpt.vectors;

import dev.genpt.memory.PageAllocator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the engine must answer to each operation of a scenario, in order.
 *
 * <p>That is what was recorded, as the rules correct it. Once an operation that the engine must
 * refuse was recorded as having changed the table, the recording tells of another table: from there
 * on the measure is a second replay that leaves such operations out.
 */
final class Expectation implements AutoCloseable {
  private final Scenario scenario;
  private final PageAllocator pages;
  private final Replay replay;
  private final NavigableMap<Integer, NavigableSet<Integer>> rulesMet = new TreeMap<>();
  private Answer recordedState;
  private Answer dueState;
  private Gather recordedGather = Gather.UNTOUCHED;
  private Gather dueGather = Gather.UNTOUCHED;
  private @Nullable Replay without;

  /**
   * The expectations of {@code scenario}, whose table was made.
   *
   * @param replay the scenario on the engine, before its first operation
   */
  Expectation(Scenario scenario, Replay replay, PageAllocator pages) {
    this.scenario = scenario;
    this.replay = replay;
    this.pages = pages;
    recordedState = scenario.opening();
    dueState = replay.opening();
  }

  /** Rules that corrected something so far: operation by operation, the numbers of the rules. */
  NavigableMap<Integer, NavigableSet<Integer>> rulesMet() {
    return rulesMet;
  }

  /**
   * What operation {@code number} must answer; to be asked before the engine does it, and once.
   *
   * @param step the operation and what was recorded of it
   */
  Answer of(int number, Scenario.Step step) {
    Situation at =
        new Situation(
            step.operation(),
            replay.pageTable(),
            recordedGather,
            dueGather,
            dueState.count(Answer.TOP_LEVEL).orElse(0),
            dueState.count(Answer.LIVE).orElse(0));
    Answer due = refused(number, at, step.recorded());
    boolean refused = !due.equals(step.recorded());
    if (refused && without == null && changedSomething(step)) {
      without = replayUpTo(number);
    } else if (!refused && without != null) {
      due = without.run(step.operation());
    } else if (!refused) {
      due = corrected(number, at, step.recorded());
    }
    remember(step, due);
    return due;
  }

  private Answer refused(int number, Situation at, Answer recorded) {
    for (Rule rule : Rule.REFUSALS) {
      Answer due = rule.correct(at, recorded);
      if (!due.equals(recorded)) {
        noteRule(number, rule.number());
        return due;
      }
    }
    return recorded;
  }

  private Answer corrected(int number, Situation at, Answer recorded) {
    Answer due = recorded;
    for (Rule rule : Rule.CORRECTIONS) {
      Answer next = rule.correct(at, due);
      if (!next.equals(due)) {
        noteRule(number, rule.number());
      }
      due = next;
    }
    return due;
  }

  private void noteRule(int number, int rule) {
    rulesMet.computeIfAbsent(number, _ -> new TreeSet<>()).add(rule);
  }

  /** Whether the recording shows that the table, or what it owns, was changed. */
  private boolean changedSomething(Scenario.Step step) {
    Answer recorded = step.recorded();
    if (!(step.operation() instanceof Operation.Map)) {
      return recorded.hex(Answer.UNMAPPED).orElse(0) != 0;
    }
    return recorded.rc().equals(Answer.SUCCESS)
        || recorded.hex(Answer.MAPPED).orElse(0) != 0
        || !recorded.events().isEmpty()
        || differs(recorded, Answer.TOP_LEVEL)
        || differs(recorded, Answer.LIVE);
  }

  private boolean differs(Answer recorded, String key) {
    return !recorded.count(key).equals(recordedState.count(key));
  }

  private Replay replayUpTo(int number) {
    Replay second = new Replay(scenario.config(), pages);
    List<Scenario.Step> before = scenario.steps().subList(0, number);
    before.forEach(step -> second.run(step.operation()));
    return second;
  }

  private void remember(Scenario.Step step, Answer due) {
    if (step.operation() instanceof Operation.Dump) {
      return;
    }
    recordedState = step.recorded();
    dueState = due;
    switch (step.operation()) {
      case Operation.UnmapFast _ -> {
        recordedGather = step.recorded().gather().orElse(recordedGather);
        dueGather = due.gather().orElse(dueGather);
      }
      case Operation.Sync _ -> {
        recordedGather = Gather.UNTOUCHED;
        dueGather = Gather.UNTOUCHED;
      }
      default -> {}
    }
  }

  @Override
  public void close() {
    if (without != null) {
      without.close();
    }
  }
}
