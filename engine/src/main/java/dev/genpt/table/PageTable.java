package dev.genpt.table;

import dev.genpt.bits.Log2;
import dev.genpt.memory.PhysicalMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One page table: a configured format over physical memory, its limits, and the root with its level
 * in one word (upstream: {@code pt_common}).
 *
 * <p>The root word holds the physical address of the root, which is at least 8-byte aligned, and in
 * its low three bits the top level, so that both are read and replaced together.
 *
 * <p>Threads: everything but the root word is immutable. Any thread may read the root word; it is
 * written under the driver's top lock, and every pair ever read stays a valid subtree.
 */
public final class PageTable {
  private static final long LEVEL_MASK = 7;
  private static final VarHandle TOP;

  static {
    try {
      TOP = MethodHandles.lookup().findVarHandle(PageTable.class, "top", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final PageTableFormat format;
  private final PhysicalMemory memory;
  private final int features;
  private final int maxOaLg2;
  private final int[] widths;

  @SuppressWarnings("UnusedVariable") // read and written through TOP
  private volatile long top;

  /**
   * A table without a root yet.
   *
   * @param features mask of the features that are on
   * @param maxOaLg2 output address bits
   */
  public PageTable(PageTableFormat format, PhysicalMemory memory, int features, int maxOaLg2) {
    this.format = format;
    this.memory = memory;
    this.features = features;
    this.maxOaLg2 = maxOaLg2;
    widths = new int[Geometry.MAX_LEVELS];
    for (int level = 0; level <= format.geometry().maxTopLevel(); level++) {
      widths[level] = widthOf(level);
    }
    top = format.initialTopLevel();
  }

  private int widthOf(int level) {
    int most = format.maxVaLg2();
    return has(Feature.DYNAMIC_TOP) && level != format.geometry().maxTopLevel()
        ? Math.min(most, format.itemsLg2(level) + format.itemSizeLg2(level))
        : most;
  }

  /** The format, configured for this table. */
  public PageTableFormat format() {
    return format;
  }

  /** The memory that the tables lie in. */
  public PhysicalMemory memory() {
    return memory;
  }

  /** Mask of the features that are on. */
  public int features() {
    return features;
  }

  /** True if {@code feature} is on. */
  public boolean has(Feature feature) {
    return feature.in(features);
  }

  /** Most input address bits that this table may ever decode, whatever its top is now. */
  public int maxVaLg2() {
    return format.maxVaLg2();
  }

  /** Output address bits; every bit at or above is zero. */
  public int maxOaLg2() {
    return maxOaLg2;
  }

  /** Input address bits that a root of {@code level} decodes. */
  public int widthLg2(int level) {
    return widths[level];
  }

  /** Root and level, read together. */
  public long top() {
    return (long) TOP.getAcquire(this);
  }

  /** Publishes a new root; only under the driver's top lock, or before the table is shared. */
  public void publishTop(long root, int level) {
    TOP.setRelease(this, topWord(root, level));
  }

  /** The root word for a root address, a multiple of 8, and a level, 0..5. */
  public static long topWord(long root, int level) {
    return root | level;
  }

  /** Physical address of the root in a root word. */
  public static long rootOf(long topWord) {
    return topWord & ~LEVEL_MASK;
  }

  /** Level of the root in a root word. */
  public static int levelOf(long topWord) {
    return (int) (topWord & LEVEL_MASK);
  }

  /**
   * Bytes of a root of {@code level}, lg2: what its width needs, at least what hardware demands.
   */
  public int rootSizeLg2(int level) {
    Geometry geometry = format.geometry();
    return Math.max(Log2.ffs(geometry.topPhysMask()), rootItemsLg2(level) + geometry.wordLg2());
  }

  /** Items of a root of {@code level}, lg2. */
  public int rootItemsLg2(int level) {
    return widthLg2(level) - format.itemSizeLg2(level);
  }
}
