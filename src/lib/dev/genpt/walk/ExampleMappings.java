package dev.genpt.walk;

import dev.genpt.bits.Log2;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.table.Feature;
import dev.genpt.table.PageTable;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A mixed table around one input address: its own page, sixteen pages that fit one size code, 256
 * that don't, and blocks of the two next levels. What the table can't hold is left out.
 */
final class ExampleMappings {
  private final PageTable table;
  private final int pageLg2;
  private final long iova;
  private final List<Mapping> all = new ArrayList<>();

  private ExampleMappings(IommuDomain domain, long iova) {
    table = domain.pageTable();
    pageLg2 = Log2.ffs(domain.pageSizeBitmap());
    this.iova = iova;
  }

  /** The mappings around {@code iova}; none if no root of the table decodes it. */
  static List<Mapping> around(IommuDomain domain, long iova) {
    var example = new ExampleMappings(domain, iova);
    example.add(OptionalInt.empty(), 0x12345, Protection.READ_WRITE);
    example.add(OptionalInt.of(4), 0x22340, Protection.READ);
    example.add(OptionalInt.of(8), 0x34501, Protection.READ_WRITE);
    example.add(OptionalInt.of(9), 0x80000, Protection.READ_WRITE);
    example.add(OptionalInt.of(18), 0x240000, Protection.READ_WRITE);
    return example.all;
  }

  /** Adds the page of the address, or the block beside its own of 2^{@code pagesLg2} pages. */
  private void add(OptionalInt pagesLg2, long outputPage, int protection) {
    int sizeLg2 = pageLg2 + pagesLg2.orElse(0);
    long own = Log2.alignDown(iova, sizeLg2);
    long start = pagesLg2.isPresent() ? own ^ Log2.toValue(sizeLg2) : own;
    var mapping = new Mapping(start, outputPage << pageLg2, Log2.toValue(sizeLg2), protection);
    if (isPossible(mapping)) {
      all.add(mapping);
    }
  }

  private boolean isPossible(Mapping mapping) {
    boolean grows = table.has(Feature.DYNAMIC_TOP);
    int level = grows ? table.format().geometry().maxTopLevel() : table.root().level();
    return table.rootLevel(level).decodes(mapping.iova(), mapping.lastIova())
        && Log2.div(mapping.pa() + mapping.size() - 1, table.maxOaLg2()) == 0;
  }
}
