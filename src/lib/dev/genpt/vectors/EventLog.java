package dev.genpt.vectors;

import dev.genpt.iommu.IommuDomain;
import dev.genpt.iommu.IommuDriver;
import dev.genpt.iommu.TableFlusher;
import dev.genpt.iommu.TopDriver;
import dev.genpt.table.IotlbGather;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** The hardware behind a replayed table: it does nothing but write down what it is told. */
final class EventLog implements IommuDriver, TopDriver, TableFlusher {
  private final Lock topLock = new ReentrantLock();
  private final List<Event> events = new ArrayList<>();
  private long flushes;
  private long flushBytes;

  /** Forgets everything. */
  void clear() {
    events.clear();
    flushes = 0;
    flushBytes = 0;
  }

  /** {@code answer} with what happened since the last {@link #clear}. */
  Answer addTo(Answer answer) {
    Answer counted =
        flushes == 0
            ? answer
            : answer.withCount(Answer.FLUSHES, flushes).withCount(Answer.FLUSH_BYTES, flushBytes);
    return counted.withEvents(events);
  }

  @Override
  public void iotlbSync(IommuDomain domain, IotlbGather gather) {
    events.add(new Event.Sync(gather.start(), gather.end(), gather.freelist().size()));
  }

  /** Happens only outside of what is recorded: a queued gather is flushed after its operation. */
  @Override
  public void flushIotlbAll(IommuDomain domain) {}

  @Override
  public Lock topLock() {
    return topLock;
  }

  @Override
  public void changeTop(long root, int topLevel) {
    events.add(new Event.ChangeTop(topLevel));
  }

  @Override
  public void flush(long pa, int bytes) {
    flushes++;
    flushBytes += bytes;
  }
}
