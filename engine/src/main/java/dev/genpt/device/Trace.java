package dev.genpt.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A recording of what drivers mapped and devices did, in order.
 *
 * <p>Threads: any thread may call any method.
 */
public final class Trace {
  private final List<TraceEntry> entries = new ArrayList<>();

  /** A trace without steps. */
  public Trace() {}

  synchronized void add(
      String device,
      TraceEntry.Kind kind,
      long iova,
      long length,
      OptionalLong pa,
      int protection,
      String result) {
    entries.add(
        new TraceEntry(entries.size() + 1, device, kind, iova, length, pa, protection, result));
  }

  /** The last access that the IOMMU refused, if it has refused any. */
  public synchronized Optional<TraceEntry> lastFault() {
    return entries.reversed().stream()
        .filter(entry -> entry.kind() == TraceEntry.Kind.FAULT)
        .findFirst();
  }

  /** The steps until now. */
  public synchronized List<TraceEntry> entries() {
    return List.copyOf(entries);
  }
}
