package dev.genpt.legacy;

import dev.genpt.iommu.DirtyRecorder;

/**
 * The dirty read of the engines that look for every page from the root: a hole is passed over by
 * the size of the item where the lookup ended.
 *
 * <p>One object a call. Source: upstream {@code amd/io_pgtable.c} and {@code intel/iommu.c}.
 */
final class DirtyPages {
  /** Finds the entry that translates an address. */
  interface Lookup {
    /** The slot is {@link Found#NONE} if there is no entry; the size is told in any case. */
    Found find(long iova);
  }

  private final IoPageTable table;
  private final Lookup lookup;
  private final long dirtyBit;

  DirtyPages(IoPageTable table, Lookup lookup, long dirtyBit) {
    this.table = table;
    this.lookup = lookup;
    this.dirtyBit = dirtyBit;
  }

  void read(long first, long length, boolean clear, DirtyRecorder recorder, LegacyGather gather) {
    long last = first + length - 1;
    long iova = first;
    do {
      Found found = lookup.find(iova);
      if (!found.isNothing() && isDirty(found, clear)) {
        recorder.record(iova, found.size());
        gather.addRange(iova, found.size());
      }
      iova += found.size();
    } while (Long.compareUnsigned(iova, last) < 0);
  }

  /** Looks at items up to the first dirty one, or takes the bit from all. */
  private boolean isDirty(Found found, boolean clear) {
    boolean dirty = false;
    for (int i = 0; i < found.items(); i++) {
      long slot = IoPageTable.slot(found.slot(), i);
      long word = clear ? table.memory().getAndAnd64(slot, ~dirtyBit) : table.read(slot);
      dirty |= (word & dirtyBit) != 0;
      if (dirty && !clear) {
        break;
      }
    }
    return dirty;
  }
}
