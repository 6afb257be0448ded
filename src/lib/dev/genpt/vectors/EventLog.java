package dev.genpt.vectors;

import dev.genpt.iommu.IommuDomain;
import dev.genpt.iommu.IommuDriver;
import dev.genpt.iommu.TableFlusher;
import dev.genpt.iommu.TopDriver;
import dev.genpt.table.IotlbGather;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** The hardware behind a replayed table: it does nothing but write down what it is told. */
final class EventLog extends EventRecord implements IommuDriver, TopDriver, TableFlusher {
  private final Lock topLock = new ReentrantLock();

  @Override
  public void iotlbSync(IommuDomain domain, IotlbGather gather) {
    add(Event.sync(gather.start(), gather.end(), gather.freelist().size()));
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
    add(new Event.ChangeTop(topLevel));
  }

  @Override
  public void flush(long pa, int bytes) {
    addFlush(bytes);
  }
}
