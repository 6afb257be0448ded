package dev.genpt.iommu;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;

/**
 * A bitmap of input addresses that a dirty read sets: bit n stands for the page {@code [iova + n *
 * 2^pageSizeLg2, + 2^pageSizeLg2)}, in byte n / 8, there bit n mod 8 from the least significant
 * (upstream: {@code iova_bitmap}).
 *
 * <p>Bits are only ever set: who wants a fresh picture clears the bytes first. A page that was
 * written only in part has its bit set.
 *
 * <p>A long bitmap is read in <b>windows</b>, slices of the addresses that are walked one after the
 * other, so that nobody has to keep an address range still for as long as all of it takes; see
 * {@link IommuDomain#readAndClearDirty(IovaBitmap, boolean, IotlbGather)}. Where windows meet makes
 * no difference to the bits.
 *
 * <p>Not thread-safe: one reader at a time.
 */
public final class IovaBitmap implements DirtyRecorder {
  /** Pages of a window unless said otherwise, lg2: upstream's, whose bits fill 2 MiB. */
  private static final int WINDOW_PAGES_LG2 = 24;

  private final long iova;
  private final long lastIova;
  private final int pageSizeLg2;
  private final byte[] bytes;
  private final int offset;
  private final int windowLg2;

  private IovaBitmap(
      long iova, long lastIova, int pageSizeLg2, byte[] bytes, int offset, int windowLg2) {
    this.iova = iova;
    this.lastIova = lastIova;
    this.pageSizeLg2 = pageSizeLg2;
    this.bytes = bytes;
    this.offset = offset;
    this.windowLg2 = windowLg2;
  }

  /**
   * A bitmap of its own for {@code [iova, iova + length)}, all clear.
   *
   * @param pageSize bytes a bit, a power of two that divides {@code iova} and {@code length}
   * @throws IommuException as {@link #in}; EINVAL too for more pages than an array has bits
   */
  public static IovaBitmap of(long iova, long length, long pageSize) {
    long needed = bytesFor(iova, length, pageSize);
    if (needed > Integer.MAX_VALUE - 8) {
      throw refused(
          Errno.EINVAL,
          iova,
          "length %#x in pages of %#x: a bitmap of %,d bytes is larger than an array"
              .formatted(length, pageSize, needed));
    }
    return in(new byte[(int) needed], 0, iova, length, pageSize);
  }

  /**
   * A bitmap for {@code [iova, iova + length)} in a caller's bytes, whose bits stay as they are.
   *
   * @param bytes where the bits are
   * @param offset the byte that holds bit 0
   * @param pageSize bytes a bit, a power of two that divides {@code iova} and {@code length}
   * @throws IommuException EINVAL: length 0; a page size that is no power of two or does not divide
   *     the range; too few bytes. EOVERFLOW: the range passes 2^64
   */
  public static IovaBitmap in(byte[] bytes, int offset, long iova, long length, long pageSize) {
    long needed = bytesFor(iova, length, pageSize);
    if (offset < 0 || needed > bytes.length - (long) offset) {
      throw refused(
          Errno.EINVAL,
          iova,
          "bitmap of %d bytes, offset %d: length %#x in pages of %#x needs %,d from there"
              .formatted(bytes.length, offset, length, pageSize, needed));
    }
    int pageSizeLg2 = Log2.ffs(pageSize);
    int windowLg2 = Math.min(Long.SIZE, WINDOW_PAGES_LG2 + pageSizeLg2);
    return new IovaBitmap(iova, iova + length - 1, pageSizeLg2, bytes, offset, windowLg2);
  }

  private static long bytesFor(long iova, long length, long pageSize) {
    if (Long.bitCount(pageSize) != 1) {
      throw refused(Errno.EINVAL, iova, "page size %#x is no power of two".formatted(pageSize));
    }
    RequestChecks.checkLength(iova, length);
    if (((iova | length) & (pageSize - 1)) != 0) {
      throw refused(
          Errno.EINVAL,
          iova,
          "input address %#x, length %#x: not multiples of the page size %#x"
              .formatted(iova, length, pageSize));
    }
    long lastBit = (length - 1) >>> Log2.ffs(pageSize);
    return (lastBit >>> 3) + 1;
  }

  private static IommuException refused(Errno errno, long iova, String rule) {
    return new IommuException(errno, iova, 0, rule);
  }

  /**
   * The same bits, read in windows of 2^{@code lg2} bytes of input addresses.
   *
   * @throws IommuException EINVAL if that is less than a page or more than 2^64
   */
  public IovaBitmap withWindowLg2(int lg2) {
    if (lg2 < pageSizeLg2 || lg2 > Long.SIZE) {
      throw refused(
          Errno.EINVAL,
          iova,
          "window of 2^%d bytes: from 2^%d to 2^64".formatted(lg2, pageSizeLg2));
    }
    return new IovaBitmap(iova, lastIova, pageSizeLg2, bytes, offset, lg2);
  }

  /** First address. */
  public long iova() {
    return iova;
  }

  /** Last address, inclusive. */
  public long lastIova() {
    return lastIova;
  }

  /** Pages, that is bits. */
  public long pages() {
    return ((lastIova - iova) >>> pageSizeLg2) + 1;
  }

  /** True if bit {@code page} is set; {@code 0 <= page < pages()}. */
  public boolean isSet(long page) {
    return (bytes[byteOf(page)] >>> (page & 7) & 1) != 0;
  }

  /** How many bits are set. */
  public long setPages() {
    long count = 0;
    for (long page = 0; page < pages(); page++) {
      count += isSet(page) ? 1 : 0;
    }
    return count;
  }

  /** Last address, inclusive, of the window that begins at {@code firstOfWindow}. */
  long lastOfWindow(long firstOfWindow) {
    long last = firstOfWindow + Log2.toMax(windowLg2);
    boolean beyond =
        Long.compareUnsigned(last, firstOfWindow) < 0 || Long.compareUnsigned(last, lastIova) > 0;
    return beyond ? lastIova : last;
  }

  /**
   * Sets every bit that {@code [start, start + length)} touches; what lies outside is left out. The
   * length is not 0 and the range does not pass 2^64.
   */
  @Override
  public void record(long start, long length) {
    long last = start + length - 1;
    if (Long.compareUnsigned(last, iova) < 0 || Long.compareUnsigned(start, lastIova) > 0) {
      return;
    }
    long from = Long.compareUnsigned(start, iova) > 0 ? start - iova : 0;
    long to = Long.compareUnsigned(last, lastIova) < 0 ? last - iova : lastIova - iova;
    setBits(from >>> pageSizeLg2, to >>> pageSizeLg2);
  }

  private void setBits(long first, long last) {
    int firstByte = byteOf(first);
    int lastByte = byteOf(last);
    int low = 0xff << (first & 7);
    int high = 0xff >>> (7 - (last & 7));
    if (firstByte == lastByte) {
      bytes[firstByte] |= (byte) (low & high);
      return;
    }
    bytes[firstByte] |= (byte) low;
    for (int i = firstByte + 1; i < lastByte; i++) {
      bytes[i] = -1;
    }
    bytes[lastByte] |= (byte) high;
  }

  private int byteOf(long page) {
    return offset + (int) (page >>> 3);
  }
}
