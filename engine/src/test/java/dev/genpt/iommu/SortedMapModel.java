package dev.genpt.iommu;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.fixture.DomainSetup;
import dev.genpt.fixture.Leaf;
import dev.genpt.fixture.RecordingDriver.Event;
import dev.genpt.table.Feature;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a domain must do, said with a sorted map of leaves and sets of tables: the rules without a
 * format, a walk or a word.
 *
 * <p>Inside it counts input addresses in granules, the smallest pages of the format, so that every
 * one of them, and every end, is a positive number.
 */
final class SortedMapModel {
  /** One leaf: its output address, its size, what it allows, and whether the device wrote to it. */
  private record ModelLeaf(long oa, int sizeLg2, int protection, boolean dirty) {
    ModelLeaf written(boolean nowDirty) {
      return new ModelLeaf(oa, sizeLg2, protection, nowDirty);
    }
  }

  private final DomainSetup setup;
  private final int granuleLg2;
  private final NavigableMap<Long, ModelLeaf> leaves = new TreeMap<>();
  private final ModelTables tables;
  private final ModelGather.Syncs syncs;
  private long pageSizes;

  /** An empty address space. */
  SortedMapModel(DomainSetup setup) {
    this.setup = setup;
    granuleLg2 = setup.granuleLg2();
    pageSizes = setup.pageSizes();
    tables = new ModelTables(setup);
    syncs = new ModelGather.Syncs(setup.has(Feature.FLUSH_RANGE_NO_GAPS), tables);
  }

  private long granule(long iova) {
    return iova >>> granuleLg2;
  }

  private long granules(ModelLeaf leaf) {
    return 1L << (leaf.sizeLg2 - granuleLg2);
  }

  private boolean contains(long iova, long last) {
    return setup.contains(tables.topLevel(), iova, last);
  }

  // ---- What is there

  /** The tables. */
  ModelTables tables() {
    return tables;
  }

  /** Page sizes in use. */
  long pageSizes() {
    return pageSizes;
  }

  /** What the driver must have been told since the last call of this method. */
  List<Event> takeEvents() {
    return syncs.takeAll();
  }

  /** The leaves, in ascending order. */
  List<Leaf> leaves() {
    List<Leaf> all = new ArrayList<>();
    leaves.forEach((start, leaf) -> all.add(new Leaf(start << granuleLg2, leaf.oa, leaf.sizeLg2)));
    return all;
  }

  /** How many leaves there are. */
  int size() {
    return leaves.size();
  }

  /** First address of a leaf, by its number in ascending order. */
  long startOf(int number) {
    Iterator<Long> starts = leaves.keySet().iterator();
    for (int i = 0; i < number; i++) {
      starts.next();
    }
    return starts.next() << granuleLg2;
  }

  /** What becomes of an address. */
  Translation translate(long iova) {
    if (!contains(iova, iova)) {
      return new Translation.OutOfRange(setup.widthLg2(tables.topLevel()));
    }
    Map.Entry<Long, ModelLeaf> found = leaves.floorEntry(granule(iova));
    if (found == null || granule(iova) - found.getKey() >= granules(found.getValue())) {
      return new Translation.NotMapped(tables.walkEnd(granule(iova)));
    }
    ModelLeaf leaf = found.getValue();
    return new Translation.Mapped(
        leaf.oa + (iova - (found.getKey() << granuleLg2)),
        leaf.sizeLg2,
        setup.levelOf(leaf.sizeLg2),
        leaf.protection);
  }

  /** The output address, or NO_TRANSLATION. */
  long iovaToPhys(long iova) {
    return translate(iova) instanceof Translation.Mapped mapped
        ? mapped.oa()
        : IommuDomain.NO_TRANSLATION;
  }

  // ---- Page sizes

  /** Drops page sizes. */
  Answer narrowPageSizes(long keep) {
    if ((pageSizes & keep) == 0) {
      return Answer.refused(Errno.EINVAL);
    }
    pageSizes &= keep;
    return Answer.DONE;
  }

  // ---- Map

  /** Maps all or nothing. */
  Answer map(long iova, long pa, long length, int protection) {
    Answer answer = mapRange(iova, pa, length, protection);
    if (answer.refusal().isEmpty()) {
      syncs.mapped(iova, length);
      return Answer.DONE;
    }
    if (answer.bytes() != 0) {
      unmap(iova, answer.bytes());
    }
    return new Answer(answer.refusal(), 0);
  }

  /** Maps as far as it gets. */
  Answer mapRange(long iova, long pa, long length, int protection) {
    Optional<Errno> refusal = refusalOf(iova, pa, length, protection);
    if (refusal.isEmpty()) {
      refusal = grow(iova, iova + length - 1, largestPage(granule(iova), pa, length));
    }
    if (refusal.isPresent()) {
      return Answer.refused(refusal.get());
    }
    ModelGather gather = new ModelGather(false);
    long done = 0;
    while (done != length && refusal.isEmpty()) {
      int sizeLg2 = largestPage(granule(iova + done), pa + done, length - done);
      refusal = makeRoom(granule(iova + done), sizeLg2, gather);
      if (refusal.isEmpty()) {
        int stored = setup.storedProtection(protection);
        leaves.put(granule(iova + done), new ModelLeaf(pa + done, sizeLg2, stored, false));
        done += 1L << sizeLg2;
      }
    }
    syncs.sync(gather);
    return refusal.isEmpty() ? Answer.DONE : new Answer(refusal, done);
  }

  /** How much of a map that is not refused {@code mostLeaves} leaves hold. */
  long cut(long iova, long pa, long length, int mostLeaves) {
    if (refusalOf(iova, pa, length, Protection.READ_WRITE).isPresent()) {
      return length;
    }
    long done = 0;
    for (int leaf = 0; leaf < mostLeaves && done != length; leaf++) {
      done += 1L << largestPage(granule(iova + done), pa + done, length - done);
    }
    return done;
  }

  private Optional<Errno> refusalOf(long iova, long pa, long length, int protection) {
    long mostOa = Log2.toMax(setup.oaLg2());
    if ((protection & Protection.READ_WRITE) == 0) {
      return Optional.of(Errno.EINVAL);
    }
    if (Long.compareUnsigned(pa, mostOa) > 0) {
      return Optional.of(Errno.ERANGE);
    }
    if (!setup.allows(protection) || length == 0) {
      return Optional.of(Errno.EINVAL);
    }
    if (Long.compareUnsigned(iova + length - 1, iova) < 0) {
      return Optional.of(Errno.EOVERFLOW);
    }
    if (Long.compareUnsigned(length - 1, mostOa - pa) > 0) {
      return Optional.of(Errno.ERANGE);
    }
    long smallest = Long.lowestOneBit(pageSizes);
    if (((iova | pa | length) & (smallest - 1)) != 0) {
      return Optional.of(Errno.ENXIO);
    }
    return Optional.empty();
  }

  /** The largest page, lg2, that divides the addresses and is not more than what is left. */
  private int largestPage(long start, long pa, long left) {
    int sizeLg2 = Log2.fls(pageSizes) - 1;
    while ((pageSizes >>> sizeLg2 & 1) == 0
        || !Log2.isAligned(start, sizeLg2 - granuleLg2)
        || !Log2.isAligned(pa, sizeLg2)
        || Long.compareUnsigned(left, 1L << sizeLg2) < 0) {
      sizeLg2--;
    }
    return sizeLg2;
  }

  /** A root that decodes the range and is no lower than the first leaf. */
  private Optional<Errno> grow(long iova, long last, int sizeLg2) {
    int level = tables.topLevel();
    while (!setup.contains(level, iova, last) || level < setup.levelOf(sizeLg2)) {
      if (level == setup.lastTopLevel()) {
        return Optional.of(Errno.ERANGE);
      }
      level++;
    }
    return tables.grow(level) ? Optional.empty() : Optional.of(Errno.ENOMEM);
  }

  /**
   * Makes room for a leaf: tables down to its level, and none below. Items that hold but empty
   * tables are cleared up to the first leaf that is in the way.
   */
  private Optional<Errno> makeRoom(long start, int sizeLg2, ModelGather gather) {
    int level = setup.levelOf(sizeLg2);
    long item = 1L << (setup.itemSizeLg2(level) - granuleLg2);
    long end = start + (1L << (sizeLg2 - granuleLg2));
    Map.Entry<Long, ModelLeaf> before = leaves.lowerEntry(end);
    boolean inUse = before != null && before.getKey() + granules(before.getValue()) > start;
    if (inUse) {
      Long first = leaves.ceilingKey(start);
      end = first == null || first >= end ? start : first & -item;
    } else if (!tables.makePath(level, start)) {
      return Optional.of(Errno.ENOMEM);
    }
    for (long at = start; at < end && level > 0; at += item) {
      if (tables.isTable(level, at)) {
        int retired = tables.retire(level, at, at + item);
        syncs.add(gather, at << granuleLg2, item << granuleLg2, retired);
      }
    }
    return inUse ? Optional.of(Errno.EADDRINUSE) : Optional.empty();
  }

  // ---- Unmap

  /** Unmaps and invalidates. */
  long unmap(long iova, long length) {
    ModelGather gather = new ModelGather(false);
    long unmapped = unmap(iova, length, gather);
    syncs.sync(gather);
    return unmapped;
  }

  /** Unmaps up to the first hole; the bytes. */
  long unmap(long iova, long length, ModelGather gather) {
    if (length == 0 || !contains(iova, iova + length - 1) || !Log2.isAligned(iova, granuleLg2)) {
      return 0;
    }
    long start = granule(iova);
    long lastAsked = granule(iova + length - 1);
    long at = start;
    while (at <= lastAsked && leaves.containsKey(at)) {
      at += granules(leaves.remove(at));
    }
    if (at == start) {
      return 0;
    }
    boolean endsInside = !Log2.isAligned(iova + length, granuleLg2);
    int retired = tables.retireCovered(start, Math.min(at, endsInside ? lastAsked : lastAsked + 1));
    syncs.add(gather, iova, (at - start) << granuleLg2, retired);
    return (at - start) << granuleLg2;
  }

  /** Invalidates what a gather holds. */
  void sync(ModelGather gather) {
    syncs.sync(gather);
  }

  // ---- Dirty tracking

  /** The device writes to an address. */
  Answer setDirty(long iova) {
    if (!setup.tracksWrites()) {
      return Answer.refused(Errno.EOPNOTSUPP);
    }
    return switch (translate(iova)) {
      case Translation.OutOfRange _ -> Answer.refused(Errno.ERANGE);
      case Translation.NotMapped _ -> Answer.refused(Errno.ENOENT);
      case Translation.Mapped _ -> {
        leaves.computeIfPresent(
            leaves.floorKey(granule(iova)), (start, leaf) -> leaf.written(true));
        yield Answer.DONE;
      }
    };
  }

  /**
   * Reads what was written in a range.
   *
   * @param extents receives first addresses and lengths in turn
   * @param gather receives the leaves that were cleaned
   */
  Answer readDirty(long iova, long length, boolean clear, List<Long> extents, ModelGather gather) {
    if (!setup.tracksWrites()) {
      return Answer.refused(Errno.EOPNOTSUPP);
    }
    long last = iova + length - 1;
    if (length == 0) {
      return Answer.refused(Errno.EINVAL);
    }
    if (Long.compareUnsigned(last, iova) < 0) {
      return Answer.refused(Errno.EOVERFLOW);
    }
    if (!contains(iova, last)) {
      return Answer.refused(Errno.ERANGE);
    }
    Long below = leaves.floorKey(granule(iova));
    long from = below == null ? granule(iova) : below;
    for (var entry : leaves.subMap(from, true, granule(last), true).entrySet()) {
      ModelLeaf leaf = entry.getValue();
      long start = entry.getKey() << granuleLg2;
      long lastOfLeaf = start + (1L << leaf.sizeLg2) - 1;
      if (leaf.dirty && Long.compareUnsigned(lastOfLeaf, iova) >= 0) {
        long first = Long.compareUnsigned(start, iova) < 0 ? iova : start;
        extents.add(first);
        extents.add((Long.compareUnsigned(lastOfLeaf, last) < 0 ? lastOfLeaf : last) - first + 1);
        if (clear) {
          gather.add(start, 1L << leaf.sizeLg2);
          entry.setValue(leaf.written(false));
        }
      }
    }
    return Answer.DONE;
  }
}
