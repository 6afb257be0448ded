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
 * The second-stage page table of Intel VT-d, of three, four or five levels.
 *
 * <pre>
 * address   63        57 56   48 47   39 38   30 29   21 20   12 11     0
 *           | must be 0 |  L 4  |  L 3  |  L 2  |  L 1  |  L 0  | offset |
 *
 * leaf      63:52 | 51:12 output address | 11 SNP | 10 | 9 D | 8 A | 7 PS | 6:2 | 1 W | 0 R
 * table           | 51:12 table address  |        |    |     |     | 7  0 |     | 1 1 | 0 1
 * </pre>
 *
 * <p>There is no present bit: an entry is empty only if its whole word is zero, so a page may be
 * write-only. PS marks a leaf at levels 1 and 2; at level 0 every entry is one.
 *
 * <p>Source: Intel VT-d specification, "Second-Stage Paging Entries"; upstream {@code fmt/vtdss.h}.
 */
public final class VtdSecondStage extends PageTableFormat {
  /** The format, to be configured. */
  public static final FormatDefinition DEFINITION = new Definition();

  /** Set the snoop bit in every leaf. */
  public static final Feature FORCE_COHERENCE =
      new Feature("VTDSS_FORCE_COHERENCE", Feature.FORMAT_START, "SNP is set in every leaf");

  /** Refuse leaves that can't be written, which some processors mishandle under a nested table. */
  public static final Feature FORCE_WRITEABLE =
      new Feature(
          "VTDSS_FORCE_WRITEABLE",
          Feature.FORMAT_START + 1,
          "leaves that can't be written are refused");

  private static final BitField R = BitField.bit("R", 0).titled("read permission");
  private static final BitField W = BitField.bit("W", 1).titled("write permission");
  private static final BitField PS =
      BitField.bit("PS", 7).titled("page size: 1 in a leaf above level 0");
  private static final BitField A = BitField.bit("A", 8).titled("accessed");
  private static final BitField D = BitField.bit("D", 9).titled("dirty: the device wrote");
  private static final BitField SNP = BitField.bit("SNP", 11).titled("snoop");
  private static final BitField ADDRESS =
      new BitField("ADDRESS", 51, 12).titled("address, from bit 12 up");

  private static final long DIRTY = D.mask();
  private static final long ATTRIBUTES = R.mask() | W.mask() | SNP.mask();
  private static final int HIGHEST_LEAF_LEVEL = 2;

  /** Software bits 0 and 10; those between are the bits from 52 up. */
  private static final int FIRST_SOFTWARE_BIT = 10;

  private static final int MIDDLE_SOFTWARE_BITS = 52;
  private static final int LAST_SOFTWARE_BIT = 63;
  private static final int MAX_SOFTWARE_BIT = 10;

  private final long snoop;
  private final boolean forceWriteable;

  private VtdSecondStage(FormatConfig config) {
    int topLevel = config.topLevel();
    if (topLevel < 2 || topLevel > 4) {
      throw new IommuException(
          Errno.EOPNOTSUPP, "vtdss: top level %d, must be 2, 3 or 4".formatted(topLevel));
    }
    super(DEFINITION, topLevel, config.hwMaxVaLg2(), config.hwMaxOaLg2());
    snoop = FORCE_COHERENCE.in(config.features()) ? SNP.mask() : 0;
    forceWriteable = FORCE_WRITEABLE.in(config.features());
  }

  /** {@code aw} of the context or PASID entry: 1 for three levels, 2 for four, 3 for five. */
  @Override
  public HardwareInfo hardwareInfo(long root, int level) {
    return new HardwareInfo(root, level - 1);
  }

  @Override
  public boolean canHaveLeaf(int level) {
    return level <= HIGHEST_LEAF_LEVEL;
  }

  @Override
  public EntryType typeOf(long word, int level) {
    if (word == 0) {
      return EntryType.EMPTY;
    }
    return level == 0 || (level <= HIGHEST_LEAF_LEVEL && (word & PS.mask()) != 0)
        ? EntryType.LEAF
        : EntryType.TABLE;
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
  public long attributesOf(long word, int level) {
    return word & ATTRIBUTES;
  }

  @Override
  public int protectionOf(long word, int level) {
    return (int) (R.get(word) * Protection.READ + W.get(word) * Protection.WRITE);
  }

  @Override
  public int protectionBelow(long word, int level) {
    return ~Protection.READ_WRITE | protectionOf(word, level);
  }

  @Override
  public Optional<String> flawOf(long word, int level) {
    if (word == 0) {
      return Optional.empty();
    }
    if ((word & (R.mask() | W.mask())) == 0) {
      return Optional.of("R and W are both 0, which hardware takes for not present");
    }
    return typeOf(word, level) == EntryType.TABLE && (word & PS.mask()) != 0
        ? Optional.of("PS is set at level %d, which holds no leaves".formatted(level))
        : Optional.empty();
  }

  @Override
  public List<BitField> layout(EntryType type, int level) {
    return type == EntryType.LEAF
        ? List.of(ADDRESS, SNP, D, A, PS, W, R)
        : List.of(ADDRESS, PS, W, R);
  }

  @Override
  public long attributesFor(int protection) {
    if ((protection & Protection.READ_WRITE) == 0) {
      throw new IommuException(
          Errno.EINVAL,
          "vtdss: protection %s: an entry without READ and WRITE would be empty"
              .formatted(Protection.describe(protection)));
    }
    if (forceWriteable && (protection & Protection.WRITE) == 0) {
      throw new IommuException(
          Errno.EINVAL,
          "vtdss: protection %s: FORCE_WRITEABLE allows no page without WRITE"
              .formatted(Protection.describe(protection)));
    }
    long attributes = snoop;
    attributes |= (protection & Protection.READ) != 0 ? R.mask() : 0;
    attributes |= (protection & Protection.WRITE) != 0 ? W.mask() : 0;
    return attributes;
  }

  @Override
  public long leafWord(long oa, int sizeLg2, int level, long attributes) {
    return attributes | (oa & ADDRESS.mask()) | (level == 0 ? 0 : PS.mask());
  }

  @Override
  public long tableWord(long pa, int level) {
    return R.mask() | W.mask() | (pa & ADDRESS.mask());
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
  public long cleaned(long word) {
    return word & ~DIRTY;
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
        switch (n) {
          case 0 -> FIRST_SOFTWARE_BIT;
          case MAX_SOFTWARE_BIT -> LAST_SOFTWARE_BIT;
          default -> MIDDLE_SOFTWARE_BITS + n - 1;
        });
  }

  @Override
  protected WordMasks masks(int level) {
    WordMasks masks = WordMasks.NONE.present(-1L).address(ADDRESS.mask(), 0);
    if (level == 0) {
      return masks.leaf(R.mask(), R.mask());
    }
    return level <= HIGHEST_LEAF_LEVEL
        ? masks.leaf(PS.mask(), PS.mask()).table(PS.mask() | R.mask(), R.mask())
        : masks.table(R.mask(), R.mask());
  }

  private static final class Definition implements FormatDefinition {
    @Override
    public String name() {
      return "vtdss";
    }

    @Override
    public String title() {
      return "Intel VT-d second stage, 3 to 5 levels";
    }

    @Override
    public Hardware hardware() {
      return new Hardware(
          "Intel VT-d, second stage",
          "Intel VT-d specification, \"Second-Stage Paging Entries\"",
          "aw");
    }

    @Override
    public Geometry geometry() {
      return new Geometry(12, 12, 3, 4, 57, 52, ~0xfffL);
    }

    @Override
    public List<Feature> privateFeatures() {
      return List.of(FORCE_COHERENCE, FORCE_WRITEABLE);
    }

    @Override
    public int supportedFeatures() {
      return Feature.mask(
          Feature.FLUSH_RANGE, Feature.DMA_INCOHERENT, FORCE_COHERENCE, FORCE_WRITEABLE);
    }

    @Override
    public int forcedFeatures() {
      return 0;
    }

    @Override
    public PageTableFormat configure(FormatConfig config) {
      return new VtdSecondStage(config);
    }
  }
}
