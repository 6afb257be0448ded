package dev.genpt.iommu;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.table.LeafTemplate;
import dev.genpt.table.PageTable;
import dev.genpt.table.Protection;

/**
 * What can be told of a request before its first look at the table, and how it is refused.
 *
 * <p>Threads: no state that changes. Source: upstream {@code iommu_pt.h} for the order of the
 * checks; the end of the output addresses, and tails smaller than a page, are checked too.
 */
final class RequestChecks {
  private final PageTable pageTable;

  RequestChecks(PageTable pageTable) {
    this.pageTable = pageTable;
  }

  /** What the leaves of a map have in common that has nothing wrong with it, or its error. */
  LeafTemplate templateOfMap(long bitmap, long iova, long pa, long length, int protection) {
    if ((protection & Protection.READ_WRITE) == 0) {
      throw new IommuException(
          Errno.EINVAL,
          iova,
          0,
          "protection %s: a mapping needs READ or WRITE"
              .formatted(Protection.describe(protection)));
    }
    int oaLg2 = pageTable.maxOaLg2();
    if (Log2.div(pa, oaLg2) != 0) {
      throw outputOutOfRange(iova, pa, length);
    }
    LeafTemplate template = pageTable.template(protection);
    checkLength(iova, length);
    // The sum may pass 2^64, so the room above pa is compared instead.
    if (Long.compareUnsigned(length - 1, Log2.toMax(oaLg2) - pa) > 0) {
      throw outputOutOfRange(iova, pa, length);
    }
    long smallest = Long.lowestOneBit(bitmap);
    if (((iova | pa | length) & (smallest - 1)) != 0) {
      throw noPageSize(bitmap, iova, pa, length);
    }
    return template;
  }

  /** Refuses a range of no byte (EINVAL) and one that passes 2^64 (EOVERFLOW). */
  static void checkLength(long iova, long length) {
    if (length == 0) {
      throw new IommuException(Errno.EINVAL, iova, 0, "length 0: a range needs a byte at least");
    }
    if (Long.compareUnsigned(iova + length - 1, iova) < 0) {
      throw new IommuException(
          Errno.EOVERFLOW,
          iova,
          0,
          "input address %#x plus length %#x passes 2^64".formatted(iova, length));
    }
  }

  private IommuException outputOutOfRange(long iova, long pa, long length) {
    return new IommuException(
        Errno.ERANGE,
        iova,
        0,
        "output address %#x, length %#x: the table holds %d output address bits"
            .formatted(pa, length, pageTable.maxOaLg2()));
  }

  /** The refusal of a map that no size of {@code bitmap} divides. */
  static IommuException noPageSize(long bitmap, long iova, long pa, long length) {
    return new IommuException(
        Errno.ENXIO,
        iova,
        0,
        "input address %#x, output address %#x, length %#x: no page size of %#x divides them, the smallest is %#x"
            .formatted(iova, pa, length, bitmap, Long.lowestOneBit(bitmap)));
  }
}
