package dev.genpt.table;

import dev.genpt.bits.Log2;
import dev.genpt.memory.PhysicalMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One page table: a configured format over physical memory, its limits, and its root (upstream:
 * {@code pt_common}).
 *
 * <p>Threads: everything but the root is immutable. Any thread may read the root; it is replaced
 * under the driver's top lock, and every root ever read stays a valid subtree.
 */
public final class PageTable {
  private static final VarHandle ROOT;

  static {
    try {
      ROOT = MethodHandles.lookup().findVarHandle(PageTable.class, "root", Root.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final PageTableFormat format;
  private final PhysicalMemory memory;
  private final int features;
  private final int maxOaLg2;
  private final int[] widths;
  private final TableLevel[] levels;
  private final TableLevel[] rootLevels;
  private final @Nullable LeafTemplate[] templates = new LeafTemplate[Protection.ALL + 1];
  private final byte[] levelsOfSizes = new byte[Long.SIZE];

  @SuppressWarnings("UnusedVariable") // read and written through ROOT
  private volatile Root root;

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
    levels = new TableLevel[format.geometry().maxTopLevel() + 1];
    rootLevels = new TableLevel[levels.length];
    for (int level = 0; level < levels.length; level++) {
      widths[level] = widthOf(level);
      TableLevel below = level == 0 ? null : levels[level - 1];
      levels[level] = new TableLevel(this, level, format.itemsLg2(level), below);
      rootLevels[level] = new TableLevel(this, level, rootItemsLg2(level), below);
      for (long sizes = format.possibleSizes(level); sizes != 0; sizes &= sizes - 1) {
        levelsOfSizes[Log2.ffs(sizes)] = (byte) level;
      }
    }
    root = rootAt(0, format.initialTopLevel());
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

  /** The tables of one level, from 0 up to the highest that the root may have, below a root. */
  public TableLevel level(int level) {
    return levels[level];
  }

  /** A root of one level. */
  public TableLevel rootLevel(int level) {
    return rootLevels[level];
  }

  /** The level that holds leaves of 2^{@code sizeLg2} bytes; only for sizes that are possible. */
  public int levelOfSize(int sizeLg2) {
    return levelsOfSizes[sizeLg2];
  }

  /**
   * What leaves of {@code protection} have in common.
   *
   * @throws dev.genpt.error.IommuException as {@link PageTableFormat#attributesFor}
   */
  public LeafTemplate template(int protection) {
    int known = protection & Protection.ALL;
    LeafTemplate template = templates[known];
    if (template == null) {
      // Two threads may both make it: the same one.
      template = new LeafTemplate(format, levels.length, known);
      templates[known] = template;
    }
    return template;
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

  /** The root and its level now. */
  public Root root() {
    return (Root) ROOT.getAcquire(this);
  }

  /** Publishes a new root; only under the driver's top lock, or before the table is shared. */
  public void publishRoot(long address, int level) {
    ROOT.setRelease(this, rootAt(address, level));
  }

  /** What {@link #root} would be for a root at {@code address}. */
  public Root rootAt(long address, int level) {
    return new Root(memory, address, rootLevels[level]);
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
