package dev.genpt.walk;

import dev.genpt.bits.Log2;
import dev.genpt.error.IommuException;
import dev.genpt.inspect.ByteSize;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.table.Feature;
import dev.genpt.table.PageSizes;
import dev.genpt.table.PageTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is wrong with a mapping that was refused, and what would fit instead. */
final class MapAdvice {
  private final IommuDomain domain;
  private final List<Mapping> before;
  private final Mapping mapping;
  private final List<String> lines = new ArrayList<>();

  private MapAdvice(IommuDomain domain, List<Mapping> before, Mapping mapping) {
    this.domain = domain;
    this.before = before;
    this.mapping = mapping;
  }

  /**
   * Sentences for a person; none where the rule says it all.
   *
   * @param before the mappings that are there
   * @param mapping the one that was refused
   * @param refused why
   */
  static List<String> on(
      IommuDomain domain, List<Mapping> before, Mapping mapping, IommuException refused) {
    var advice = new MapAdvice(domain, before, mapping);
    switch (refused.errno()) {
      case ENXIO -> advice.misaligned();
      case EADDRINUSE -> advice.taken();
      case ERANGE -> advice.outOfRange();
      case EOVERFLOW -> advice.overflow();
      case ENOMEM -> advice.tooManyTables();
      default -> {}
    }
    return advice.lines;
  }

  private void misaligned() {
    int page = Log2.ffs(domain.pageSizeBitmap());
    lines.add(
        "The page sizes of this table are %s, and IOVA, PA and SIZE must be multiples of one."
            .formatted(ByteSize.ofBitmap(domain.pageSizeBitmap())));
    sayUnlessMultiple("IOVA", mapping.iova(), page);
    sayUnlessMultiple("PA", mapping.pa(), page);
    sayUnlessMultiple("SIZE", mapping.size(), page);
    suggest(
        Log2.alignDown(mapping.iova(), page),
        Log2.alignDown(mapping.pa(), page),
        Log2.alignUp(mapping.size(), page));
  }

  private void sayUnlessMultiple(String name, long value, int page) {
    if (!Log2.isAligned(value, page)) {
      lines.add("%s %#x is no multiple of %s.".formatted(name, value, ByteSize.ofLg2(page)));
    }
  }

  private void taken() {
    Optional<Mapping> other = firstInTheWayOf(mapping);
    if (other.isEmpty()) {
      return;
    }
    lines.add(
        "Input addresses %#x to %#x are taken by --map %s."
            .formatted(other.get().iova(), other.get().lastIova(), other.get()));
    var free = mapping;
    // Behind one mapping another may follow; each is passed once at most.
    for (int i = 0; i < before.size() && other.isPresent(); i++) {
      free =
          new Mapping(
              other.get().lastIova() + 1, mapping.pa(), mapping.size(), mapping.protection());
      other = firstInTheWayOf(free);
    }
    suggest(free.iova(), free.pa(), free.size());
  }

  private Optional<Mapping> firstInTheWayOf(Mapping wanted) {
    return before.stream().filter(wanted::overlaps).findFirst();
  }

  private void outOfRange() {
    PageTable table = domain.pageTable();
    long lastOa = Log2.toMax(table.maxOaLg2());
    if (Long.compareUnsigned(mapping.pa(), lastOa) > 0) {
      lines.add("The last output address that an entry can hold is %#x.".formatted(lastOa));
    } else if (Long.compareUnsigned(mapping.size() - 1, lastOa - mapping.pa()) > 0) {
      lines.add("The last output address that an entry can hold is %#x.".formatted(lastOa));
      suggest(mapping.iova(), mapping.pa(), lastOa - mapping.pa() + 1);
    } else {
      String range = "%#x to %#x".formatted(domain.firstVa(), domain.lastVa());
      lines.add(
          table.has(Feature.SIGN_EXTEND)
              ? "Input addresses are %s and %#x to %#x, and a range lies in one of the two."
                  .formatted(range, ~domain.lastVa(), -1L)
              : "Input addresses are %s.".formatted(range));
    }
  }

  private void overflow() {
    suggest(mapping.iova(), mapping.pa(), -mapping.iova());
  }

  private void tooManyTables() {
    int page = Log2.ffs(domain.pageSizeBitmap());
    lines.add(
        "The tables of this command lie in %s of memory, which has room for %d of 4K each."
            .formatted(ByteSize.of(WalkCommand.TABLE_BYTES), WalkCommand.TABLE_BYTES >> 12));
    int next = Log2.ffs(domain.pageSizeBitmap() & ~Log2.toMax(page + 9));
    if (next < Long.SIZE && Log2.mod(mapping.iova() ^ mapping.pa(), next) != 0) {
      String size = ByteSize.ofLg2(next);
      lines.add(
          "IOVA and PA differ in the bits below %s, so that only smaller pages fit."
              .formatted(size));
      lines.add("With the same low bits in both, larger pages need fewer tables.");
      suggest(
          mapping.iova(),
          Log2.alignDown(mapping.pa(), next) | Log2.mod(mapping.iova(), next),
          mapping.size());
    }
  }

  /** Adds a mapping that keeps the rules, if it has a size. */
  private void suggest(long iova, long pa, long size) {
    var other = new Mapping(iova, pa, size, mapping.protection());
    int best = PageSizes.best(domain.pageSizeBitmap(), iova, other.lastIova(), pa);
    if (best != PageSizes.NONE) {
      lines.add(
          "This would fit, in pages of up to %s: --map %s".formatted(ByteSize.ofLg2(best), other));
    }
  }
}
