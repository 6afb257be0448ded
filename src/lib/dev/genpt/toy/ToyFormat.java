package dev.genpt.toy;

import dev.genpt.bits.BitField;
import dev.genpt.table.EntryType;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.Geometry;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import java.util.List;

/**
 * A page table that fits on a sheet of paper: three levels of four entries, 64 pages of 4 KiB in
 * all.
 *
 * <pre>
 * address   17 16 | 15 14 | 13 12 | 11      0
 *           |  L 2  |  L 1  |  L 0  | offset  |
 *
 * leaf      51:12 output address | 5 D | 4 C | 3 W | 2 R | 1 T = 0 | 0 P = 1
 * table     51:12 table address  |                       | 1 T = 1 | 0 P = 1
 * </pre>
 *
 * <p>P: present. T: a table, not a leaf; without meaning at level 0. R, W: the device may read,
 * write. C: the leaf covers two items, which hold the same word. D: the device wrote.
 *
 * <table>
 *   <caption>Page sizes: 124 aligned blocks in all</caption>
 *   <tr><th>level</th><th>one item</th><th>blocks</th><th>two items</th><th>blocks</th></tr>
 *   <tr><td>0</td><td>4 KiB</td><td>64</td><td>8 KiB</td><td>32</td></tr>
 *   <tr><td>1</td><td>16 KiB</td><td>16</td><td>32 KiB</td><td>8</td></tr>
 *   <tr><td>2</td><td>64 KiB</td><td>4</td><td>none</td><td></td></tr>
 * </table>
 *
 * <p>It has all that the generic algorithms care for: leaves on every level, leaves over several
 * items, tables that larger leaves can replace, dirty bits. And it is so small that every sequence
 * of a few operations can be tried. A table takes 32 bytes; the allocator gives it a page.
 *
 * <p>No hardware walks it. Written by the contract alone, without shortcuts: the example of what a
 * new format must supply. Immutable; any thread may use it.
 */
public final class ToyFormat extends PageTableFormat {
  /** The format, to be configured. */
  public static final FormatDefinition DEFINITION = new Definition();

  /** Pages of 4 KiB that the table stands for. */
  public static final int PAGES = 64;

  /** Bytes of the smallest page, lg2. */
  public static final int PAGE_LG2 = 12;

  private static final int TOP_LEVEL = 2;
  private static final int ENTRIES_LG2 = 2;

  private static final BitField P = BitField.bit("P", 0);
  private static final BitField T = BitField.bit("T", 1);
  private static final BitField R = BitField.bit("R", 2);
  private static final BitField W = BitField.bit("W", 3);
  private static final BitField C = BitField.bit("C", 4);
  private static final BitField D = BitField.bit("D", 5);
  private static final BitField ADDRESS = new BitField("ADDRESS", 51, PAGE_LG2);

  private ToyFormat(FormatConfig config) {
    super(
        DEFINITION,
        TOP_LEVEL,
        Math.min(DEFINITION.geometry().maxVaLg2(), config.hwMaxVaLg2()),
        config.hwMaxOaLg2());
  }

  @Override
  public boolean canHaveLeaf(int level) {
    return true;
  }

  @Override
  public long possibleSizes(int level) {
    long oneItem = 1L << itemSizeLg2(level);
    return level == TOP_LEVEL ? oneItem : oneItem | oneItem << 1;
  }

  @Override
  public EntryType typeOf(long word, int level) {
    if (P.get(word) == 0) {
      return EntryType.EMPTY;
    }
    return T.get(word) == 1 && level > 0 ? EntryType.TABLE : EntryType.LEAF;
  }

  @Override
  public long tableAddress(long word, int level) {
    return word & ADDRESS.mask();
  }

  @Override
  public long entryOa(long word, int level) {
    return word & ADDRESS.mask();
  }

  @Override
  public int contigLg2(long word, int level) {
    return level == TOP_LEVEL ? 0 : (int) C.get(word);
  }

  @Override
  public long attributesOf(long word, int level) {
    return word & (R.mask() | W.mask());
  }

  @Override
  public int protectionOf(long word, int level) {
    return (int) (R.get(word) * Protection.READ + W.get(word) * Protection.WRITE);
  }

  @Override
  public List<BitField> layout(EntryType type, int level) {
    return type == EntryType.LEAF ? List.of(ADDRESS, D, C, W, R, T, P) : List.of(ADDRESS, T, P);
  }

  @Override
  public long attributesFor(int protection) {
    long read = (protection & Protection.READ) != 0 ? R.mask() : 0;
    long write = (protection & Protection.WRITE) != 0 ? W.mask() : 0;
    return read | write;
  }

  @Override
  public long leafWord(long oa, int sizeLg2, int level, long attributes) {
    long twoItems = sizeLg2 > itemSizeLg2(level) ? C.mask() : 0;
    return oa | attributes | twoItems | P.mask();
  }

  @Override
  public long tableWord(long pa, int level) {
    return pa | T.mask() | P.mask();
  }

  @Override
  public boolean supportsDirty() {
    return true;
  }

  @Override
  public boolean isDirty(long word) {
    return D.get(word) == 1;
  }

  @Override
  public long dirtied(long word) {
    return word | D.mask();
  }

  @Override
  public long cleaned(long word) {
    return word & ~D.mask();
  }

  private static final class Definition implements FormatDefinition {
    @Override
    public String name() {
      return "toy";
    }

    @Override
    public String title() {
      return "Three levels of four entries, for tests and lessons";
    }

    @Override
    public Geometry geometry() {
      int addressLg2 = PAGE_LG2 + ENTRIES_LG2 * (TOP_LEVEL + 1);
      return new Geometry(PAGE_LG2, ENTRIES_LG2 + 3, 3, TOP_LEVEL, addressLg2, 52, ADDRESS.mask());
    }

    @Override
    public List<Feature> privateFeatures() {
      return List.of();
    }

    @Override
    public int supportedFeatures() {
      return Feature.mask(Feature.FLUSH_RANGE, Feature.FLUSH_RANGE_NO_GAPS);
    }

    @Override
    public int forcedFeatures() {
      return 0;
    }

    @Override
    public PageTableFormat configure(FormatConfig config) {
      return new ToyFormat(config);
    }
  }
}
