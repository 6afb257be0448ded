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
 * The RISC-V page table: Sv39, Sv48 and Sv57 of three, four and five levels.
 *
 * <pre>
 * address   63        57 56   48 47   39 38   30 29   21 20   12 11     0
 *           | sign or 0 |  L 4  |  L 3  |  L 2  |  L 1  |  L 0  | offset |
 *
 * leaf      63 N | 62:61 PBMT | 60:54 | 53:10 output page | 9:8 | 7 D | 6 A | 5 G | 4 U | 3 X | 2 W | 1 R | 0 V
 * table          |            |       | 53:10 table page  |     |                                      | 0 V
 * </pre>
 *
 * <p>An entry with any of R, W, X is a leaf, at whatever level; one with none of them points to a
 * table. With Svnapot, N marks a leaf of 64 KiB over sixteen items, whose low page bits are 1000.
 *
 * <p>Source: RISC-V privileged architecture, "Sv39", "Sv48", "Sv57" and "Svnapot"; upstream {@code
 * fmt/riscv.h}.
 */
public final class Riscv extends PageTableFormat {
  /** The format, to be configured. */
  public static final FormatDefinition DEFINITION = new Definition();

  /** Leaves of 64 KiB. */
  public static final Feature SVNAPOT_64K =
      new Feature("RISCV_SVNAPOT_64K", Feature.FORMAT_START, "leaves of 64K over sixteen items");

  private static final BitField V = BitField.bit("V", 0).titled("valid");
  private static final BitField R = BitField.bit("R", 1).titled("read permission");
  private static final BitField W = BitField.bit("W", 2).titled("write permission");
  private static final BitField X = BitField.bit("X", 3).titled("execute permission");
  private static final BitField U = BitField.bit("U", 4).titled("user");
  private static final BitField G = BitField.bit("G", 5).titled("global");
  private static final BitField A = BitField.bit("A", 6).titled("accessed");
  private static final BitField D = BitField.bit("D", 7).titled("dirty");
  private static final BitField PPN = new BitField("PPN", 53, 10).titled("physical page number");
  private static final BitField PBMT =
      new BitField("PBMT", 62, 61).titled("page-based memory type");
  private static final BitField N =
      BitField.bit("N", 63).titled("naturally aligned power of two: a leaf of 64K over 16 items");

  private static final String NO_LEAF = "0, or it would be a leaf";

  private static final long VALID = V.mask();
  private static final long ACCESS = R.mask() | W.mask() | X.mask();
  private static final long ATTRIBUTES = ACCESS | U.mask() | G.mask() | A.mask() | D.mask();
  private static final int NAPOT_LG2 = 16;
  private static final int NAPOT_CONTIG_LG2 = 4;
  private static final long NAPOT_CODE = 0b1000;

  private final boolean napot;

  private Riscv(FormatConfig config) {
    int topLevel =
        switch (config.hwMaxVaLg2()) {
          case 39 -> 2;
          case 48 -> 3;
          case 57 -> 4;
          default ->
              throw new IommuException(
                  Errno.EINVAL,
                  "riscv64: %d input address bits, must be 39, 48 or 57"
                      .formatted(config.hwMaxVaLg2()));
        };
    super(DEFINITION, topLevel, config.hwMaxVaLg2(), config.hwMaxOaLg2());
    napot = SVNAPOT_64K.in(config.features());
  }

  /**
   * {@code mode} of the first-stage field: 8 for Sv39, 9 for Sv48, 10 for Sv57; the root as an
   * address.
   */
  @Override
  public HardwareInfo hardwareInfo(long root, int level) {
    return new HardwareInfo(root, level + 6);
  }

  @Override
  public boolean canHaveLeaf(int level) {
    return true;
  }

  @Override
  public long possibleSizes(int level) {
    return super.possibleSizes(level) | (napot && level == 0 ? 1L << NAPOT_LG2 : 0);
  }

  @Override
  public EntryType typeOf(long word, int level) {
    if ((word & VALID) == 0) {
      return EntryType.EMPTY;
    }
    return level == 0 || (word & ACCESS) != 0 ? EntryType.LEAF : EntryType.TABLE;
  }

  @Override
  public long tableAddress(long word, int level) {
    return PPN.get(word) << geometry().granuleLg2();
  }

  @Override
  public long entryOa(long word, int level) {
    long oa = PPN.get(word) << geometry().granuleLg2();
    return napot && N.get(word) != 0 ? Log2.alignDown(oa, NAPOT_LG2) : oa;
  }

  @Override
  public int contigLg2(long word, int level) {
    return N.get(word) != 0 ? NAPOT_CONTIG_LG2 : 0;
  }

  @Override
  public long attributesOf(long word, int level) {
    return word & ATTRIBUTES;
  }

  @Override
  public int protectionOf(long word, int level) {
    return (int)
        (R.get(word) * Protection.READ
            + W.get(word) * Protection.WRITE
            + (1 - X.get(word)) * Protection.NOEXEC);
  }

  @Override
  public Optional<String> flawOf(long word, int level) {
    if (typeOf(word, level) != EntryType.LEAF) {
      return Optional.empty();
    }
    if ((word & ACCESS) == 0) {
      return Optional.of("no R, W or X in a level-0 table");
    }
    if (W.get(word) != 0 && R.get(word) == 0) {
      return Optional.of("W without R");
    }
    if (N.get(word) != 0 && (level != 0 || (PPN.get(word) & 0xf) != NAPOT_CODE)) {
      return Optional.of("N without the page bits of a 64K leaf at level 0");
    }
    return Optional.empty();
  }

  @Override
  public List<BitField> layout(EntryType type, int level) {
    return type == EntryType.LEAF
        ? List.of(N, PBMT, PPN, D, A, G, U, X, W, R, V)
        : List.of(PPN, X.titled(NO_LEAF), W.titled(NO_LEAF), R.titled(NO_LEAF), V);
  }

  @Override
  public long attributesFor(int protection) {
    long attributes = U.mask() | A.mask();
    attributes |= (protection & Protection.READ) != 0 ? R.mask() : 0;
    attributes |= (protection & Protection.WRITE) != 0 ? R.mask() | W.mask() | D.mask() : 0;
    attributes |= (protection & Protection.NOEXEC) == 0 ? X.mask() : 0;
    if ((attributes & ACCESS) == 0) {
      throw new IommuException(
          Errno.EOPNOTSUPP,
          "riscv64: protection %s: an entry without R, W and X would be a table pointer"
              .formatted(Protection.describe(protection)));
    }
    return attributes;
  }

  @Override
  public long leafWord(long oa, int sizeLg2, int level, long attributes) {
    long word = VALID | attributes | PPN.of(oa >>> geometry().granuleLg2());
    return sizeLg2 == NAPOT_LG2 ? word | N.mask() | PPN.of(NAPOT_CODE) : word;
  }

  @Override
  public long tableWord(long pa, int level) {
    return VALID | PPN.of(pa >>> geometry().granuleLg2());
  }

  @Override
  protected WordMasks masks(int level) {
    WordMasks masks =
        WordMasks.NONE
            .present(VALID)
            .contig(N.mask())
            .address(PPN.mask(), geometry().granuleLg2() - PPN.low());
    return level == 0
        ? masks.leaf(VALID, VALID)
        : masks.leaf(VALID | R.mask(), VALID | R.mask()).table(VALID | ACCESS, VALID);
  }

  private static final class Definition implements FormatDefinition {
    @Override
    public String name() {
      return "riscv64";
    }

    @Override
    public String title() {
      return "RISC-V Sv39, Sv48 and Sv57";
    }

    @Override
    public Hardware hardware() {
      return new Hardware(
          "RISC-V IOMMU, first stage",
          "RISC-V privileged architecture, \"Sv39\", \"Sv48\", \"Sv57\" and \"Svnapot\"",
          "mode");
    }

    @Override
    public Geometry geometry() {
      return new Geometry(12, 12, 3, 4, 57, 56, Log2.toMax(56) & ~0xfffL);
    }

    @Override
    public List<Feature> privateFeatures() {
      return List.of(SVNAPOT_64K);
    }

    @Override
    public int supportedFeatures() {
      return Feature.mask(Feature.SIGN_EXTEND, Feature.FLUSH_RANGE, SVNAPOT_64K);
    }

    @Override
    public int forcedFeatures() {
      return 0;
    }

    @Override
    public PageTableFormat configure(FormatConfig config) {
      return new Riscv(config);
    }
  }
}
