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
 * The x86-64 page table of four or five levels: AMD IOMMU v2 (guest) tables and the first stage of
 * Intel VT-d.
 *
 * <pre>
 * address   63        57 56   48 47   39 38   30 29   21 20   12 11     0
 *           | sign or 0 |  L 4  |  L 3  |  L 2  |  L 1  |  L 0  | offset |
 *
 * leaf      63 XD | 62:52 | 51:12 output address | 11:9 | 8 G | 7 PS | 6 D | 5 A | 4:3 | 2 U | 1 RW | 0 P
 * table           |       | 51:12 table address  |      |     | 7  0 |     | 5 A |     | 2 1 | 1  1 | 0 P
 * </pre>
 *
 * <p>PS marks a leaf at levels 1 and 2, where PAT is bit 12, below the address; at level 0 every
 * present entry is one and bit 7 is PAT. D is written with a writable leaf, which spares hardware
 * an update: this format does not track writes.
 *
 * <p>Source: Intel SDM volume 3, "4-Level Paging and 5-Level Paging"; AMD IOMMU Specification,
 * "Guest Translations"; upstream {@code fmt/x86_64.h}.
 */
public final class X86_64 extends PageTableFormat {
  /** The format, to be configured. */
  public static final FormatDefinition DEFINITION = new Definition();

  /** Mark table pointers and leaves that are not MMIO with the memory-encryption bit. */
  public static final Feature ENCRYPT_TABLES =
      new Feature(
          "X86_64_AMD_ENCRYPT_TABLES",
          Feature.FORMAT_START,
          "the memory-encryption bit is set in table pointers and leaves but MMIO");

  private static final BitField P = BitField.bit("P", 0).titled("present");
  private static final BitField RW = BitField.bit("RW", 1).titled("write permission");
  private static final BitField U = BitField.bit("U", 2).titled("user");
  private static final BitField PWT = BitField.bit("PWT", 3).titled("page write-through");
  private static final BitField PCD = BitField.bit("PCD", 4).titled("page cache disable");
  private static final BitField A = BitField.bit("A", 5).titled("accessed");
  private static final BitField D = BitField.bit("D", 6).titled("dirty");
  private static final BitField PS =
      BitField.bit("PS", 7).titled("page size: 1 in a leaf above level 0");
  private static final BitField PAT = BitField.bit("PAT", 7).titled("page attribute table");
  private static final BitField LARGE_PAT = BitField.bit("PAT", 12).titled(PAT.title());
  private static final BitField G = BitField.bit("G", 8).titled("global");
  private static final BitField ADDRESS =
      new BitField("ADDRESS", 51, 12).titled("address, from bit 12 up");
  private static final BitField LARGE_ADDRESS =
      new BitField(ADDRESS.name(), ADDRESS.title(), ADDRESS.high(), LARGE_PAT.high() + 1);
  private static final BitField XD = BitField.bit("XD", 63).titled("execute disable");

  private static final long PRESENT = P.mask();
  private static final long ATTRIBUTES = RW.mask() | U.mask() | A.mask() | D.mask() | XD.mask();
  private static final int HIGHEST_LEAF_LEVEL = 2;

  /** Software bits 0 and 1; from number 2 on they are the bits from 52 up. */
  private static final int[] LOW_SOFTWARE_BITS = {9, 11};

  private static final int HIGH_SOFTWARE_BITS = 52;
  private static final int MAX_SOFTWARE_BIT = 12;

  private final long encryption;

  private X86_64(FormatConfig config) {
    int topLevel = config.topLevel();
    if (topLevel != 3 && topLevel != 4) {
      throw new IommuException(
          Errno.EOPNOTSUPP, "x86_64: top level %d, must be 3 or 4".formatted(topLevel));
    }
    super(DEFINITION, topLevel, config.hwMaxVaLg2(), config.hwMaxOaLg2());
    encryption = ENCRYPT_TABLES.in(config.features()) ? config.encryptionMask() : 0;
  }

  /**
   * The root goes to the GCR3 table entry or the PASID entry; "levels" is the top level plus one.
   */
  @Override
  public HardwareInfo hardwareInfo(long root, int level) {
    return new HardwareInfo(root, level + 1);
  }

  @Override
  public boolean canHaveLeaf(int level) {
    return level <= HIGHEST_LEAF_LEVEL;
  }

  @Override
  public EntryType typeOf(long word, int level) {
    if ((word & PRESENT) == 0) {
      return EntryType.EMPTY;
    }
    return level == 0 || (level <= HIGHEST_LEAF_LEVEL && (word & PS.mask()) != 0)
        ? EntryType.LEAF
        : EntryType.TABLE;
  }

  @Override
  public long tableAddress(long word, int level) {
    return word & ~encryption & ADDRESS.mask();
  }

  @Override
  public long entryOa(long word, int level) {
    long oa = word & ~encryption & ADDRESS.mask();
    return level == 0 ? oa : oa & ~LARGE_PAT.mask();
  }

  @Override
  public long attributesOf(long word, int level) {
    return word & ATTRIBUTES;
  }

  @Override
  public int protectionOf(long word, int level) {
    return (int) (Protection.READ + RW.get(word) * Protection.WRITE);
  }

  @Override
  public int protectionBelow(long word, int level) {
    return ~Protection.READ_WRITE | protectionOf(word, level);
  }

  @Override
  public Optional<String> flawOf(long word, int level) {
    return typeOf(word, level) == EntryType.TABLE && (word & PS.mask()) != 0
        ? Optional.of("PS is set at level %d, which holds no leaves".formatted(level))
        : Optional.empty();
  }

  @Override
  public List<BitField> layout(EntryType type, int level) {
    if (type != EntryType.LEAF) {
      return List.of(XD, ADDRESS, PS, A, PCD, PWT, U, RW, P);
    }
    return level == 0
        ? List.of(XD, ADDRESS, G, PAT, D, A, PCD, PWT, U, RW, P)
        : List.of(XD, LARGE_ADDRESS, LARGE_PAT, G, PS, D, A, PCD, PWT, U, RW, P);
  }

  @Override
  public long attributesFor(int protection) {
    long attributes = U.mask() | A.mask();
    attributes |= (protection & Protection.WRITE) != 0 ? RW.mask() | D.mask() : 0;
    attributes |= (protection & Protection.MMIO) == 0 ? encryption : 0;
    return attributes;
  }

  @Override
  public long leafWord(long oa, int sizeLg2, int level, long attributes) {
    return PRESENT | attributes | (oa & ADDRESS.mask()) | (level == 0 ? 0 : PS.mask());
  }

  @Override
  public long tableWord(long pa, int level) {
    return PRESENT | RW.mask() | U.mask() | A.mask() | (pa & ADDRESS.mask()) | encryption;
  }

  @Override
  public int maxSoftwareBit() {
    return MAX_SOFTWARE_BIT;
  }

  @Override
  public long softwareBit(int n) {
    if (n < 0 || n > MAX_SOFTWARE_BIT) {
      return super.softwareBit(n);
    }
    return Log2.toValue(
        n < LOW_SOFTWARE_BITS.length
            ? LOW_SOFTWARE_BITS[n]
            : HIGH_SOFTWARE_BITS + n - LOW_SOFTWARE_BITS.length);
  }

  @Override
  protected WordMasks masks(int level) {
    long large = level > 0 && level <= HIGHEST_LEAF_LEVEL ? PS.mask() : 0;
    WordMasks masks =
        WordMasks.NONE.present(PRESENT).address(ADDRESS.mask() & ~encryption, 0).marked(encryption);
    masks = level == 0 ? masks : masks.table(PRESENT | large, PRESENT);
    return level <= HIGHEST_LEAF_LEVEL ? masks.leaf(PRESENT | large, PRESENT | large) : masks;
  }

  private static final class Definition implements FormatDefinition {
    @Override
    public String name() {
      return "x86_64";
    }

    @Override
    public String title() {
      return "x86-64, 4 or 5 levels";
    }

    @Override
    public Hardware hardware() {
      return new Hardware(
          "AMD IOMMU, guest translation (v2); Intel VT-d, first stage",
          "Intel SDM volume 3, \"4-Level Paging and 5-Level Paging\"; AMD IOMMU Specification, \"Guest Translations\"",
          "levels");
    }

    @Override
    public Geometry geometry() {
      return new Geometry(12, 12, 3, 4, 57, 52, ADDRESS.mask());
    }

    @Override
    public List<Feature> privateFeatures() {
      return List.of(ENCRYPT_TABLES);
    }

    @Override
    public int supportedFeatures() {
      return Feature.mask(
          Feature.SIGN_EXTEND,
          Feature.FLUSH_RANGE,
          Feature.FLUSH_RANGE_NO_GAPS,
          Feature.DMA_INCOHERENT,
          ENCRYPT_TABLES);
    }

    @Override
    public int forcedFeatures() {
      return 0;
    }

    @Override
    public PageTableFormat configure(FormatConfig config) {
      return new X86_64(config);
    }
  }
}
