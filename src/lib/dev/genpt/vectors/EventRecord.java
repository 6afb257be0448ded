package dev.genpt.vectors;

import java.util.ArrayList;
import java.util.List;

/** What the hardware behind a replayed table was told since the last {@link #clear}. */
abstract class EventRecord {
  private final List<Event> events = new ArrayList<>();
  private long flushes;
  private long flushBytes;

  /** Forgets everything. */
  final void clear() {
    events.clear();
    flushes = 0;
    flushBytes = 0;
  }

  final void add(Event event) {
    events.add(event);
  }

  /** Counts a write-back of table memory. */
  final void addFlush(int bytes) {
    flushes++;
    flushBytes += bytes;
  }

  /** {@code answer} with what happened; a key that would say "nothing" is left out. */
  final Answer addTo(Answer answer) {
    Answer counted =
        flushes == 0
            ? answer
            : answer.withCount(Answer.FLUSHES, flushes).withCount(Answer.FLUSH_BYTES, flushBytes);
    return counted.withEvents(events);
  }
}
