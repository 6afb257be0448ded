package dev.genpt.vectors;

import dev.genpt.error.Errno;

/** The answer of an operation on addresses that the table can't have: nothing changed. */
final class Refusal {
  private Refusal() {}

  static Answer of(Situation at) {
    Answer answer =
        switch (at.operation()) {
          case Operation.Map map when map.allOrNothing() -> refused();
          case Operation.Map _ -> refused().withHex(Answer.MAPPED, 0);
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

  private static Answer refused() {
    return Answer.empty().withText(Answer.RC, "-" + Errno.ERANGE);
  }
}
