package dev.genpt.vectors;

import dev.genpt.error.Errno;

/** The answer of an operation on addresses that the table can't have: nothing changed. */
final class Refusal {
  private static final String OUT_OF_RANGE = "-" + Errno.ERANGE;

  private Refusal() {}

  /** Whether {@code recorded} shows that the operation changed the table. */
  static boolean wasCarriedOut(Operation operation, Answer recorded) {
    return operation instanceof Operation.Map
        ? recorded.rc().equals(Answer.SUCCESS)
            || recorded.hex(Answer.MAPPED).orElse(0) != 0
            || !recorded.events().isEmpty()
        : recorded.hex(Answer.UNMAPPED).orElse(0) != 0;
  }

  /**
   * The refusal that must stand in place of {@code recorded}, which changed nothing either: only
   * what an accepted operation says differs. What an unmap that found nothing says is rule 1's.
   */
  static Answer insteadOf(Operation operation, Answer recorded) {
    return switch (operation) {
      case Operation.Map _ ->
          recorded
              .withText(Answer.RC, OUT_OF_RANGE)
              .without(Answer.FLUSHES)
              .without(Answer.FLUSH_BYTES);
      case Operation.IovaToPhys _ -> recorded.with(Answer.PA, new Value.NoTranslation());
      default -> recorded;
    };
  }

  /** The refusal whatever was recorded. */
  static Answer of(Situation at) {
    Answer answer =
        switch (at.operation()) {
          case Operation.Map map when map.allOrNothing() ->
              Answer.empty().withText(Answer.RC, OUT_OF_RANGE);
          case Operation.Map _ ->
              Answer.empty().withText(Answer.RC, OUT_OF_RANGE).withHex(Answer.MAPPED, 0);
          case Operation.Unmap _ ->
              Answer.empty().withHex(Answer.UNMAPPED, 0).with(Answer.GATHER, Gather.UNTOUCHED);
          case Operation.UnmapFast _ ->
              Answer.empty().withHex(Answer.UNMAPPED, 0).with(Answer.GATHER, at.dueGather());
          case Operation.IovaToPhys _ -> Answer.empty().with(Answer.PA, new Value.NoTranslation());
          case Operation.Sync _, Operation.SetDirty _, Operation.ReadDirty _, Operation.Dump _ ->
              throw new IllegalArgumentException(at.operation().text());
        };
    return answer.withCount(Answer.TOP_LEVEL, at.topLevel()).withCount(Answer.LIVE, at.live());
  }
}
