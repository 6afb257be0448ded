package dev.genpt.vectors;

import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the new engine must answer to each operation of a scenario, in order.
 *
 * <p>That is what was recorded, as the rules correct it. Once an operation that the engine must
 * refuse was recorded as having changed the table, the recording tells of another table: from there
 * on the measure is a second replay that leaves such operations out.
 */
final class MainlineExpectation implements Expectation {
  /** Rules that refuse a whole operation. */
  private static final List<RefusalRule> REFUSALS =
      List.of(new OtherHalfRule(), new OutputEndRule());

  /** Rules that correct single keys. */
  private static final List<Rule> CORRECTIONS =
      List.of(new EmptyUnmapRule(), new OutOfRangeRule(), new DirtyExtentRule());

  private final Scenario scenario;
  private final MainlineReplay replay;
  private final NavigableMap<Integer, NavigableSet<Integer>> rulesMet = new TreeMap<>();
  private Answer dueState;
  private Gather recordedGather = Gather.UNTOUCHED;
  private Gather dueGather = Gather.UNTOUCHED;
  private @Nullable MainlineReplay without;

  /**
   * The expectations of {@code scenario}, whose table was made.
   *
   * @param replay the scenario on the engine, before its first operation
   */
  MainlineExpectation(Scenario scenario, MainlineReplay replay) {
    this.scenario = scenario;
    this.replay = replay;
    dueState = replay.opening();
  }

  @Override
  public NavigableMap<Integer, NavigableSet<Integer>> rulesMet() {
    return rulesMet;
  }

  /** It may as long as the measure is the recording, and not a second replay. */
  @Override
  public boolean leavesZeroOpen() {
    return without == null;
  }

  @Override
  public Answer of(int number, Scenario.Step step) {
    Situation at =
        new Situation(
            step.operation(),
            replay.pageTable(),
            recordedGather,
            dueGather,
            dueState.count(Answer.TOP_LEVEL).orElse(0),
            dueState.count(Answer.LIVE).orElse(0));
    Answer due = due(number, at, step.recorded());
    remember(step, due);
    return due;
  }

  private Answer due(int number, Situation at, Answer recorded) {
    Optional<RefusalRule> refusal =
        REFUSALS.stream().filter(rule -> rule.isMet(at, recorded)).findFirst();
    if (without != null && refusal.isEmpty()) {
      return without.run(at.operation());
    }
    if (refusal.isEmpty()) {
      return corrected(number, at, recorded);
    }
    if (without == null && !Refusal.wasCarriedOut(at.operation(), recorded)) {
      return corrected(number, at, refused(number, refusal.get(), at, recorded));
    }
    if (without == null) {
      without = replayUpTo(number);
    }
    noteRule(number, refusal.get());
    return Refusal.of(at);
  }

  private Answer refused(int number, RefusalRule rule, Situation at, Answer recorded) {
    Answer due = rule.correct(at, recorded);
    if (!due.equals(recorded)) {
      noteRule(number, rule);
    }
    return due;
  }

  private Answer corrected(int number, Situation at, Answer recorded) {
    Answer due = recorded;
    for (Rule rule : CORRECTIONS) {
      Answer next = rule.correct(at, due);
      if (!next.equals(due)) {
        noteRule(number, rule);
      }
      due = next;
    }
    return due;
  }

  private void noteRule(int number, Rule rule) {
    rulesMet.computeIfAbsent(number, _ -> new TreeSet<>()).add(rule.number());
  }

  private MainlineReplay replayUpTo(int number) {
    MainlineReplay second = replay.anew();
    List<Scenario.Step> before = scenario.steps().subList(0, number);
    before.forEach(step -> second.run(step.operation()));
    return second;
  }

  private void remember(Scenario.Step step, Answer due) {
    if (step.operation() instanceof Operation.Dump) {
      return;
    }
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
