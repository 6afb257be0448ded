package dev.genpt.iommu;

import dev.genpt.fixture.Leaf;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The leaves that one thread of a stress test must find in its stripes, whatever the others do.
 *
 * <p>Requests are good ones: inside a stripe, in whole pages. No stripe reaches over the middle of
 * the 64-bit space or its end, so signed order will do.
 */
final class StripeModel {
  private final TreeMap<Long, Leaf> leaves = new TreeMap<>();
  private final long pageSizes;

  /** Empty stripes of a domain with leaves of {@code pageSizes}. */
  StripeModel(long pageSizes) {
    this.pageSizes = pageSizes;
  }

  /** Maps, the largest leaf that fits again and again; false if something is in the way. */
  boolean map(long iova, long pa, long length) {
    Map.Entry<Long, Leaf> below = leaves.floorEntry(iova + length - 1);
    if (below != null && lastOf(below.getValue()) >= iova) {
      return false;
    }
    long done = 0;
    while (done < length) {
      int most =
          Math.min(
              Long.numberOfTrailingZeros((iova + done) | (pa + done)), log2Down(length - done));
      int sizeLg2 = log2Down(pageSizes & ((2L << most) - 1));
      leaves.put(iova + done, new Leaf(iova + done, pa + done, sizeLg2));
      done += 1L << sizeLg2;
    }
    return true;
  }

  /** Unmaps up to the first hole; the bytes. */
  long unmap(long iova, long length) {
    long at = iova;
    while (at < iova + length && leaves.containsKey(at)) {
      at = lastOf(leaves.remove(at)) + 1;
    }
    return at - iova;
  }

  /** The output address, or NO_TRANSLATION. */
  long translate(long iova) {
    Map.Entry<Long, Leaf> below = leaves.floorEntry(iova);
    return below != null && lastOf(below.getValue()) >= iova
        ? below.getValue().oa() + (iova - below.getKey())
        : IommuDomain.NO_TRANSLATION;
  }

  /** All leaves, ascending. */
  List<Leaf> leaves() {
    return List.copyOf(leaves.values());
  }

  private static long lastOf(Leaf leaf) {
    return leaf.iova() + (1L << leaf.sizeLg2()) - 1;
  }

  private static int log2Down(long value) {
    return Long.SIZE - 1 - Long.numberOfLeadingZeros(value);
  }
}
