package dev.genpt.vectors;

import dev.genpt.table.Feature;
import java.util.List;

/**
 * Rule 1: an unmap that unmapped nothing was recorded to move the gather all the same; it must
 * leave the gather as it was.
 *
 * <p>Where that is the gather that lives on, later answers that show it follow from its state: each
 * side continues from its own.
 */
final class EmptyUnmapRule implements Rule {
  @Override
  public int number() {
    return 1;
  }

  @Override
  public Answer correct(Situation at, Answer recorded) {
    return switch (at.operation()) {
      case Operation.UnmapFast unmap -> correctFast(at, unmap, recorded);
      case Operation.Sync _ -> correctSync(at, recorded);
      case Operation.Unmap unmap -> withTablesWaiting(at, correctOwn(unmap, recorded));
      default -> withTablesWaiting(at, recorded);
    };
  }

  private static Answer correctOwn(Operation.Unmap unmap, Answer recorded) {
    boolean moved =
        unmappedNothing(recorded)
            && recorded.holds(Answer.GATHER, Gather.UNTOUCHED.add(unmap.iova(), 0));
    return moved ? recorded.with(Answer.GATHER, Gather.UNTOUCHED) : recorded;
  }

  private static boolean unmappedNothing(Answer recorded) {
    return recorded.holds(Answer.UNMAPPED, new Value.Hex(0));
  }

  private static Answer correctFast(Situation at, Operation.UnmapFast unmap, Answer recorded) {
    Gather due = at.dueGather();
    if (recorded.gather().isEmpty() || recorded.hex(Answer.UNMAPPED).isEmpty()) {
      return recorded;
    }
    Gather shown = recorded.gather().get();
    long bytes = recorded.hex(Answer.UNMAPPED).getAsLong();
    if (bytes == 0) {
      boolean untouched = shown.equals(at.recordedGather()) && recorded.events().isEmpty();
      return untouched || isStep(at, unmap.iova(), 0, recorded)
          ? withGather(recorded, shown, due, List.of())
          : recorded;
    }
    if (due.equals(at.recordedGather()) || !isStep(at, unmap.iova(), bytes, recorded)) {
      return recorded;
    }
    boolean early = noGaps(at) && due.isDisjoint(unmap.iova(), bytes);
    Gather base = early ? Gather.UNTOUCHED : due;
    int freed = base.freed() + shown.freed() - recordedBase(at, unmap.iova(), bytes).freed();
    Gather next = base.add(unmap.iova(), bytes).withFreed(freed);
    return withGather(recorded, shown, next, early ? due.syncEvents() : List.of());
  }

  /** True if {@code recorded} is what upstream makes of its gather when {@code bytes} are added. */
  private static boolean isStep(Situation at, long iova, long bytes, Answer recorded) {
    Gather shown = recorded.gather().orElse(Gather.UNTOUCHED);
    Gather base = recordedBase(at, iova, bytes);
    List<Event> events =
        base.equals(at.recordedGather()) ? List.of() : at.recordedGather().syncEvents();
    return shown.equals(base.add(iova, bytes).withFreed(shown.freed()))
        && shown.freed() >= base.freed()
        && recorded.events().equals(events);
  }

  /** The recorded gather that {@code bytes} were added to: a new one if the old was flushed. */
  private static Gather recordedBase(Situation at, long iova, long bytes) {
    Gather gather = at.recordedGather();
    return noGaps(at) && gather.isDisjointUpstream(iova, bytes) ? Gather.UNTOUCHED : gather;
  }

  private static boolean noGaps(Situation at) {
    return at.has(Feature.FLUSH_RANGE_NO_GAPS);
  }

  private static Answer correctSync(Situation at, Answer recorded) {
    return recorded.events().equals(at.recordedGather().syncEvents())
        ? recorded.withEvents(at.dueGather().syncEvents())
        : recorded;
  }

  private static Answer withGather(Answer recorded, Gather shown, Gather due, List<Event> events) {
    Answer corrected = recorded.with(Answer.GATHER, due).withEvents(events);
    return withLive(corrected, due.freed() - shown.freed());
  }

  /** Tables that wait on the gather are in use; the two gathers may hold different ones. */
  private static Answer withTablesWaiting(Situation at, Answer recorded) {
    return withLive(recorded, at.dueGather().freed() - at.recordedGather().freed());
  }

  private static Answer withLive(Answer recorded, int more) {
    return more == 0 || recorded.count(Answer.LIVE).isEmpty()
        ? recorded
        : recorded.withCount(Answer.LIVE, recorded.count(Answer.LIVE).getAsLong() + more);
  }
}
