package dev.genpt.device;

import dev.genpt.amd.driver.DmaSegment;
import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The pages of a transfer by the rules of NVMe ("physical region pages"; here they are addresses
 * for the device): the first may begin anywhere at a multiple of 4 bytes, all others begin where a
 * page does, and all but the last go to its end. Stateless.
 */
final class Prps {
  /** Bytes of a page, lg2. */
  static final int PAGE_LG2 = 12;

  private static final long PAGE = 1L << PAGE_LG2;
  private static final int DWORD_LG2 = 2;

  private Prps() {}

  /**
   * Where the pages of a scatter list begin.
   *
   * @throws IommuException EINVAL if NVMe can't say it
   */
  static List<Long> of(List<DmaSegment> segments) {
    List<Long> pages = new ArrayList<>();
    for (DmaSegment segment : segments) {
      boolean first = segment.equals(segments.getFirst());
      boolean last = segment.equals(segments.getLast());
      if (!Log2.isAligned(segment.address(), first ? DWORD_LG2 : PAGE_LG2)
          || (!last && !Log2.isAligned(segment.last() + 1, PAGE_LG2))) {
        throw new IommuException(
            Errno.EINVAL,
            "a piece of %#x bytes at %#x: the first begins at a multiple of 4, the others where a page"
                    .formatted(segment.length(), segment.address())
                + " does; all but the last go to a page's end");
      }
      pages.add(segment.address());
      for (long page = Log2.alignDown(segment.address(), PAGE_LG2) + PAGE;
          Long.compareUnsigned(page, segment.last()) <= 0;
          page += PAGE) {
        pages.add(page);
      }
    }
    return List.copyOf(pages);
  }

  /** Bytes of the page at {@code address} that a transfer of {@code left} more bytes uses. */
  static int bytesAt(long address, int left) {
    return (int) Math.min(left, PAGE - Log2.mod(address, PAGE_LG2));
  }

  /** A list in memory, 8 bytes a page. */
  static byte[] encode(List<Long> pages) {
    ByteBuffer list = ByteBuffer.allocate(pages.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    pages.forEach(list::putLong);
    return list.array();
  }

  static List<Long> decode(byte[] list) {
    ByteBuffer words = ByteBuffer.wrap(list).order(ByteOrder.LITTLE_ENDIAN);
    List<Long> pages = new ArrayList<>();
    while (words.hasRemaining()) {
      pages.add(words.getLong());
    }
    return pages;
  }
}
