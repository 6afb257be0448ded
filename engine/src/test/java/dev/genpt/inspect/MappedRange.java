package dev.genpt.inspect;

import dev.genpt.iommu.IommuDomain;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Input addresses that go to as many output addresses, in one piece.
 *
 * @param iova first input address
 * @param oa first output address
 * @param size bytes
 * @param protection what the mapping allows
 */
record MappedRange(long iova, long oa, long size, int protection) {
  private boolean goesOnIn(MappedRange next) {
    return next.iova == iova + size && next.oa == oa + size && next.protection == protection;
  }

  /** The output address, or {@link IommuDomain#NO_TRANSLATION}. */
  static long translate(List<MappedRange> ranges, long iova) {
    for (MappedRange range : ranges) {
      if (Long.compareUnsigned(iova - range.iova, range.size) < 0) {
        return range.oa + (iova - range.iova);
      }
    }
    return IommuDomain.NO_TRANSLATION;
  }

  /** The same mappings in ascending order and in as few pieces as can be. */
  static List<MappedRange> joined(List<MappedRange> ranges) {
    List<MappedRange> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparing(MappedRange::iova, Long::compareUnsigned));
    List<MappedRange> joined = new ArrayList<>();
    for (MappedRange range : sorted) {
      if (!joined.isEmpty() && joined.getLast().goesOnIn(range)) {
        MappedRange last = joined.removeLast();
        joined.add(new MappedRange(last.iova, last.oa, last.size + range.size, last.protection));
      } else {
        joined.add(range);
      }
    }
    return joined;
  }
}
