package dev.genpt.format;

import dev.genpt.bits.BitField;
import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.table.EntryType;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.Geometry;
import dev.genpt.table.Hardware;
import dev.genpt.table.HardwareInfo;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import dev.genpt.table.WordMasks;
import java.util.List;
import java.util.Optional;

/**
 * The AMD IOMMU v1 page table, also called the host page table.
 *
 * <pre>
 * address   63        57 56   48 47   39 38   30 29   21 20   12 11     0
 *           |  level 5  |  L 4  |  L 3  |  L 2  |  L 1  |  L 0  | offset |   level 5: 128 items
 *
 * leaf      63 | 62 IW | 61 IR | 60 FC | 59:52 | 51:12 output address | 11:9 NL | 8:7 | 6 D | 5:1 | 0 PR
 * table        | 62  1 | 61  1 |               | 51:12 table address  | 11:9 NL |               | 0 PR
 * </pre>
 *
 * <p>NL, the next level, tells the two apart: 0 is a leaf of one item; 7 is a leaf of 2^s bytes
 * over several items, with s coded in the low bits of its address; anything else is a table, and
 * then it is the level that hardware (which counts from 1) gives the table pointed to.
 *
 * <p>Size code: bits 12 to s - 2 of the word are ones and bit s - 1 is zero, so the count of ones
 * tells the size. All items of the leaf hold the same word.
 *
 * <p>Source: AMD I/O Virtualization Technology (IOMMU) Specification, "I/O Page Tables for Host
 * Translations"; upstream {@code fmt/amdv1.h}.
 */
public final class Amdv1 extends PageTableFormat {
  /** The format, to be configured. */
  public static final FormatDefinition DEFINITION = new Definition();

  /** Mark table pointers and leaves that are not MMIO with the memory-encryption bit. */
  public static final Feature ENCRYPT_TABLES =
      new Feature(
          "AMDV1_ENCRYPT_TABLES",
          Feature.FORMAT_START,
          "the memory-encryption bit is set in table pointers and leaves but MMIO");

  /** Set the force-coherent bit in every leaf. */
  public static final Feature FORCE_COHERENCE =
      new Feature("AMDV1_FORCE_COHERENCE", Feature.FORMAT_START + 1, "FC is set in every leaf");

  private static final BitField PR = BitField.bit("PR", 0).titled("present");
  private static final BitField A = BitField.bit("A", 5).titled("accessed: hardware walked here");
  private static final BitField D = BitField.bit("D", 6).titled("dirty: the device wrote");
  private static final BitField NL = new BitField("NL", 11, 9);
  private static final BitField LEAF_NL =
      NL.titled("next level: 0, or 7 where ADDRESS holds the size too");
  private static final BitField TABLE_NL =
      NL.titled("next level: that of the table pointed to, counted from 1");
  private static final BitField ADDRESS =
      new BitField("ADDRESS", 51, 12).titled("address, from the granule up");
  private static final BitField FC = BitField.bit("FC", 60).titled("force coherent");
  private static final BitField IR = BitField.bit("IR", 61).titled("read permission");
  private static final BitField IW = BitField.bit("IW", 62).titled("write permission");

  private static final long PRESENT = PR.mask();
  private static final long DIRTY = D.mask();
  private static final long CODED_SIZE = 7;
  private static final long ATTRIBUTES = FC.mask() | IR.mask() | IW.mask();

  /** Hardware has a defect with leaves of 512 GiB. */
  private static final long BROKEN_SIZE = 1L << 39;

  private final int granuleLg2;
  private final int mostContigLg2;
  private final int maxTopLevel;
  private final long encryption;
  private final long forceCoherent;

  /** The format over another geometry too: the entries scale with the granule. */
  Amdv1(FormatDefinition definition, FormatConfig config) {
    Geometry geometry = definition.geometry();
    int topLevel = config.topLevel();
    if (topLevel < 1 || topLevel > geometry.maxTopLevel()) {
      throw new IommuException(
          Errno.EINVAL,
          "%s: starting level %d, must be 1 to %d"
              .formatted(definition.name(), topLevel, geometry.maxTopLevel()));
    }
    boolean isStatic =
        !Feature.DYNAMIC_TOP.in(config.features()) && topLevel < geometry.maxTopLevel();
    int decoded =
        isStatic ? geometry.itemSizeLg2(topLevel) + geometry.bitsPerLevel() : geometry.maxVaLg2();
    super(definition, topLevel, Math.min(decoded, config.hwMaxVaLg2()), config.hwMaxOaLg2());
    granuleLg2 = geometry.granuleLg2();
    mostContigLg2 = geometry.bitsPerLevel() - 1;
    maxTopLevel = geometry.maxTopLevel();
    encryption = ENCRYPT_TABLES.in(config.features()) ? config.encryptionMask() : 0;
    forceCoherent = FORCE_COHERENCE.in(config.features()) ? FC.mask() : 0;
  }

  /** {@code mode} of the device table entry is one more than the top level. */
  @Override
  public HardwareInfo hardwareInfo(long root, int level) {
    return definition().equals(DEFINITION)
        ? new HardwareInfo(root, level + 1)
        : super.hardwareInfo(root, level);
  }

  @Override
  public boolean canHaveLeaf(int level) {
    return level < maxTopLevel;
  }

  @Override
  public long possibleSizes(int level) {
    return canHaveLeaf(level)
        ? (0x1ffL << itemSizeLg2(level)) & ~BROKEN_SIZE & Log2.toMax(ADDRESS.high() + 1)
        : 0;
  }

  @Override
  public EntryType typeOf(long word, int level) {
    if ((word & PRESENT) == 0) {
      return EntryType.EMPTY;
    }
    long next = NL.get(word);
    return level == 0 || next == 0 || next == CODED_SIZE ? EntryType.LEAF : EntryType.TABLE;
  }

  @Override
  public long tableAddress(long word, int level) {
    return ADDRESS.get(word & ~encryption) << granuleLg2;
  }

  @Override
  public long entryOa(long word, int level) {
    long field = ADDRESS.get(word & ~encryption);
    long next = NL.get(word);
    if (next == CODED_SIZE) {
      field = Log2.alignDown(field, Log2.ffz(field));
    } else if (next != 0) {
      return 0;
    }
    return field << granuleLg2;
  }

  /** At most half of a table, whatever a word that no mapping wrote may say. */
  @Override
  public int contigLg2(long word, int level) {
    return Math.min(codedContigLg2(word, level), mostContigLg2);
  }

  private int codedContigLg2(long word, int level) {
    if (NL.get(word) != CODED_SIZE) {
      return 0;
    }
    // Every size code of this level has ones up to the bit below the shifted window.
    return Integer.numberOfTrailingZeros(
        ~(int) (word >>> (NL.high() + itemSizeLg2(level) - granuleLg2)));
  }

  @Override
  public long attributesOf(long word, int level) {
    return word & ATTRIBUTES;
  }

  @Override
  public int protectionOf(long word, int level) {
    return (int) (IR.get(word) * Protection.READ + IW.get(word) * Protection.WRITE);
  }

  @Override
  public int protectionBelow(long word, int level) {
    return ~Protection.READ_WRITE | protectionOf(word, level);
  }

  @Override
  public Optional<String> flawOf(long word, int level) {
    long next = NL.get(word);
    return switch (typeOf(word, level)) {
      case EMPTY -> Optional.empty();
      case TABLE ->
          next == level
              ? Optional.empty()
              : Optional.of(
                  "NL is %d, a pointer in a level-%d table needs %d".formatted(next, level, level));
      case LEAF -> {
        if (next != 0 && next != CODED_SIZE) {
          yield Optional.of("NL is %d, a level-0 table holds no pointers".formatted(next));
        }
        long size = Log2.toValue(itemSizeLg2(level) + codedContigLg2(word, level));
        yield (possibleSizes(level) & size) != 0
            ? Optional.empty()
            : Optional.of("no leaf of 2^%d bytes at level %d".formatted(Log2.ffs(size), level));
      }
    };
  }

  @Override
  public List<BitField> layout(EntryType type, int level) {
    return type == EntryType.LEAF
        ? List.of(IW, IR, FC, ADDRESS, LEAF_NL, D, PR)
        : List.of(IW, IR, ADDRESS, TABLE_NL, PR);
  }

  @Override
  public long attributesFor(int protection) {
    long attributes = forceCoherent;
    attributes |= (protection & Protection.READ) != 0 ? IR.mask() : 0;
    attributes |= (protection & Protection.WRITE) != 0 ? IW.mask() : 0;
    attributes |= (protection & Protection.MMIO) == 0 ? encryption : 0;
    return attributes;
  }

  @Override
  public long leafWord(long oa, int sizeLg2, int level, long attributes) {
    long word = PRESENT | attributes | ADDRESS.of(oa >>> granuleLg2);
    return sizeLg2 == itemSizeLg2(level)
        ? word
        : word | NL.of(CODED_SIZE) | ADDRESS.of(Log2.toMax(sizeLg2 - granuleLg2 - 1));
  }

  @Override
  public long tableWord(long pa, int level) {
    return PRESENT
        | NL.of(level)
        | ADDRESS.of(pa >>> granuleLg2)
        | IR.mask()
        | IW.mask()
        | encryption;
  }

  @Override
  public boolean supportsDirty() {
    return true;
  }

  @Override
  public boolean isDirty(long word) {
    return (word & DIRTY) != 0;
  }

  @Override
  public long dirtied(long word) {
    return word | DIRTY;
  }

  @Override
  public long accessedBits() {
    return A.mask();
  }

  @Override
  public long cleaned(long word) {
    return word & ~DIRTY;
  }

  @Override
  protected WordMasks masks(int level) {
    WordMasks masks =
        WordMasks.NONE
            .present(PRESENT)
            .contig(NL.mask())
            .address(ADDRESS.mask() & ~encryption, granuleLg2 - ADDRESS.low())
            .marked(encryption);
    return level == 0
        ? masks.leaf(PRESENT, PRESENT)
        : masks
            .leaf(PRESENT | NL.mask(), PRESENT)
            .table(PRESENT | NL.mask(), PRESENT | NL.of(level));
  }

  private static final class Definition implements FormatDefinition {
    @Override
    public String name() {
      return "amdv1";
    }

    @Override
    public String title() {
      return "AMD IOMMU v1 host page table";
    }

    @Override
    public Hardware hardware() {
      return new Hardware(
          "AMD IOMMU, host translation",
          "AMD I/O Virtualization Technology (IOMMU) Specification, \"I/O Page Tables for Host Translations\"",
          "mode");
    }

    @Override
    public Geometry geometry() {
      return new Geometry(12, 12, 3, 5, 64, 52, ADDRESS.mask());
    }

    @Override
    public List<Feature> privateFeatures() {
      return List.of(ENCRYPT_TABLES, FORCE_COHERENCE);
    }

    @Override
    public int supportedFeatures() {
      return forcedFeatures()
          | Feature.mask(Feature.FULL_VA, Feature.FLUSH_RANGE, Feature.FLUSH_RANGE_NO_GAPS);
    }

    @Override
    public int forcedFeatures() {
      return Feature.mask(Feature.DYNAMIC_TOP, ENCRYPT_TABLES, FORCE_COHERENCE);
    }

    @Override
    public PageTableFormat configure(FormatConfig config) {
      return new Amdv1(this, config);
    }
  }
}
