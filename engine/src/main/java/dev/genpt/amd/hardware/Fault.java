package dev.genpt.amd.hardware;

/**
 * A walk that found no translation.
 *
 * @param event what the log says about it
 */
record Fault(EventEntry event) implements HostStage.Result, GuestStage.Result, Gcr3Table.Result {
  /** No fault: an entry was changed between reading and marking it, so the walk begins again. */
  static final Fault CHANGED = new Fault(new EventEntry(0, 0));

  /** True if the walk has to begin again. */
  boolean isChange() {
    return event.equals(CHANGED.event);
  }

  /** True if what was looked up is not present. */
  boolean isAbsence() {
    return event.code() == EventEntry.IO_PAGE_FAULT && (event.flags() & EventEntry.PR) == 0;
  }
}
