package dev.genpt.bench;

import dev.genpt.iommu.DirtyRecorder;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.table.IotlbGather;
import dev.genpt.table.Protection;

/**
 * The generic page table, called as a driver calls it. {@link OldSubject} reads the same, for no
 * engine may share a call site with another: compiled code remembers who was called from it.
 */
final class NewSubject implements Subject {
  final IommuDomain domain;
  private final Layout layout;
  private final IotlbGather gather = new IotlbGather();
  private final DirtyRecorder recorder = (iova, length) -> count();
  private long dirty;

  NewSubject(IommuDomain domain, Layout layout) {
    this.domain = domain;
    this.layout = layout;
  }

  @Override
  public void map() {
    for (int call = 0; call < layout.calls(); call++) {
      domain.map(layout.iova(call), layout.pa(), layout.length(), Protection.READ_WRITE);
    }
  }

  @Override
  public void unmap() {
    for (int call = 0; call < layout.calls(); call++) {
      layout.checkUnmapped(domain.unmap(layout.iova(call), layout.length()));
    }
  }

  @Override
  public long translate() {
    long stride = layout.stride();
    long va = layout.firstIova() + Layout.OFFSET;
    long sum = 0;
    // Nothing of the layout is read between calls: a translation is as short as such a read.
    for (int calls = layout.calls(); calls > 0; calls--) {
      sum += domain.iovaToPhys(va);
      va += stride;
    }
    return sum;
  }

  @Override
  public void makeDirty() {
    long size = layout.length() / layout.words();
    for (int call = 0; call < layout.calls(); call++) {
      for (int word = 0; word < layout.words(); word++) {
        domain.setDirty(layout.iova(call) + word * size);
      }
    }
  }

  @Override
  public long readDirty() {
    dirty = 0;
    for (int call = 0; call < layout.calls(); call++) {
      domain.readAndClearDirty(layout.iova(call), layout.length(), true, recorder, gather);
      domain.sync(gather);
    }
    return dirty;
  }

  private void count() {
    dirty++;
  }
}
