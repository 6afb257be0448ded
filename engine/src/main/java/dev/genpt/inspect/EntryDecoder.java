package dev.genpt.inspect;

import dev.genpt.bits.BitField;
import dev.genpt.bits.Log2;
import dev.genpt.inspect.DecodedEntry.Meaning;
import dev.genpt.table.EntryType;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Takes one word apart. What a bit does is found out by asking the format for the same word with
 * that bit inverted, so that every format is explained without saying anything twice.
 */
final class EntryDecoder {
  private final PageTableFormat format;
  private final long word;
  private final int level;
  private final int wordBits;
  private final EntryType type;
  private final Optional<String> formatFlaw;

  EntryDecoder(PageTableFormat format, long word, int level) {
    this.format = format;
    this.level = level;
    wordBits = Byte.SIZE << format.geometry().wordLg2();
    this.word = word & Log2.toMax(wordBits);
    type = format.typeOf(this.word, level);
    formatFlaw = format.flawOf(this.word, level);
  }

  DecodedEntry decode() {
    List<DecodedField> fields = new ArrayList<>();
    int next = wordBits - 1;
    for (BitField field : sortedLayout()) {
      addUnnamed(fields, next, field.high() + 1);
      addNamed(fields, field);
      next = field.low() - 1;
    }
    addUnnamed(fields, next, 0);
    return new DecodedEntry(
        word,
        wordBits,
        level,
        fields,
        meaning(),
        flawOf(format, word, level),
        unknownBits(format, type, level, word));
  }

  /**
   * Why hardware would not take {@code word}, in a few words; empty if it would. To what the format
   * says comes what holds for every leaf: its output address is a multiple of its size.
   */
  static Optional<String> flawOf(PageTableFormat format, long word, int level) {
    return format.flawOf(word, level).or(() -> misalignment(format, word, level));
  }

  private static Optional<String> misalignment(PageTableFormat format, long word, int level) {
    if (format.typeOf(word, level) != EntryType.LEAF) {
      return Optional.empty();
    }
    long oa = format.entryOa(word, level);
    int sizeLg2 = format.itemSizeLg2(level) + format.contigLg2(word, level);
    return Log2.isAligned(oa, sizeLg2)
        ? Optional.empty()
        : Optional.of(
            "output address %#x is not a multiple of %s".formatted(oa, ByteSize.ofLg2(sizeLg2)));
  }

  private List<BitField> sortedLayout() {
    return format.layout(type, level).stream()
        .sorted(Comparator.comparingInt(BitField::high).reversed())
        .toList();
  }

  /**
   * Bits of {@code word} that are set though the format neither names them nor leaves them to
   * software; none in an empty item.
   */
  static long unknownBits(PageTableFormat format, EntryType type, int level, long word) {
    if (type == EntryType.EMPTY) {
      return 0;
    }
    long known = softwareBits(format);
    for (BitField field : format.layout(type, level)) {
      known |= field.mask();
    }
    return word & ~known;
  }

  /** The bits that the format leaves to software. */
  static long softwareBits(PageTableFormat format) {
    long bits = 0;
    for (int n = 0; n <= format.maxSoftwareBit(); n++) {
      bits |= format.softwareBit(n);
    }
    return bits;
  }

  private Meaning meaning() {
    return switch (type) {
      case EMPTY -> new Meaning.Empty();
      case TABLE -> new Meaning.Table(format.tableAddress(word, level), level - 1);
      case LEAF -> {
        int contig = format.contigLg2(word, level);
        yield new Meaning.Leaf(
            format.entryOa(word, level),
            format.itemSizeLg2(level) + contig,
            contig,
            format.protectionOf(word, level),
            format.isDirty(word));
      }
    };
  }

  /** Adds the bits between two fields; where software uses one of them, each by itself. */
  private void addUnnamed(List<DecodedField> fields, int high, int low) {
    if (high < low) {
      return;
    }
    var all = new BitField("", high, low);
    if (type == EntryType.EMPTY || (word & all.mask() & softwareBits(format)) == 0) {
      addUnnamed(fields, all);
      return;
    }
    for (EntryLayout.Part part : EntryLayout.unnamed(format, high, low)) {
      if ((word & part.bits().mask() & softwareBits(format)) != 0) {
        add(fields, part.named(), FieldRole.SOFTWARE);
      } else {
        addUnnamed(fields, part.bits());
      }
    }
  }

  private void addUnnamed(List<DecodedField> fields, BitField bits) {
    long set = type == EntryType.EMPTY ? 0 : word & bits.mask();
    String note = set == 0 ? "" : DecodedField.UNKNOWN + DecodedEntry.bitsText(set);
    fields.add(new DecodedField(bits, bits.get(word), FieldRole.UNNAMED, note));
  }

  /** Adds a field; one that holds an address is cut where its bits do something else. */
  private void addNamed(List<DecodedField> fields, BitField field) {
    FieldRole[] effects = new FieldRole[field.width()];
    boolean address = false;
    for (int i = 0; i < effects.length; i++) {
      effects[i] = effectOf(field.low() + i);
      address |= isAddress(effects[i]);
    }
    if (!address) {
      add(fields, field, strongest(effects));
      return;
    }
    int high = effects.length - 1;
    for (int i = high; i >= 0; i--) {
      if (i == 0 || effects[i - 1] != effects[high]) {
        FieldRole role = effects[high] == FieldRole.KIND ? FieldRole.SIZE_CODE : effects[high];
        var piece = new BitField(field.name(), field.low() + high, field.low() + i);
        String note = role == FieldRole.OTHER ? "not part of the address" : noteOf(piece, role);
        fields.add(new DecodedField(piece, piece.get(word), role, note));
        high = i - 1;
      }
    }
  }

  private static boolean isAddress(FieldRole role) {
    return role == FieldRole.TABLE_ADDRESS || role == FieldRole.OUTPUT_ADDRESS;
  }

  /** The role that comes first in the enum. */
  private static FieldRole strongest(FieldRole[] effects) {
    FieldRole role = FieldRole.OTHER;
    for (FieldRole effect : effects) {
      role = effect.compareTo(role) < 0 ? effect : role;
    }
    return role;
  }

  /** What changes when {@code bit} is inverted. */
  private FieldRole effectOf(int bit) {
    long other = word ^ (1L << bit);
    if (format.typeOf(other, level) != type) {
      return FieldRole.KIND;
    }
    return switch (type) {
      case EMPTY -> FieldRole.OTHER;
      case TABLE -> {
        if (format.tableAddress(other, level) != format.tableAddress(word, level)) {
          yield FieldRole.TABLE_ADDRESS;
        }
        yield format.flawOf(other, level).equals(formatFlaw) ? withoutEffect(bit) : FieldRole.KIND;
      }
      case LEAF -> leafEffectOf(bit, other);
    };
  }

  private FieldRole leafEffectOf(int bit, long other) {
    if (format.protectionOf(other, level) != format.protectionOf(word, level)) {
      return FieldRole.PERMISSION;
    }
    if (format.contigLg2(other, level) != format.contigLg2(word, level)
        || !format.flawOf(other, level).equals(formatFlaw)) {
      return FieldRole.KIND;
    }
    if (format.itemOa(other, level, 0) != format.itemOa(word, level, 0)) {
      return FieldRole.OUTPUT_ADDRESS;
    }
    return format.isDirty(other) != format.isDirty(word) ? FieldRole.WRITTEN : withoutEffect(bit);
  }

  private FieldRole withoutEffect(int bit) {
    return (softwareBits(format) & (1L << bit)) != 0 ? FieldRole.SOFTWARE : FieldRole.OTHER;
  }

  private void add(List<DecodedField> fields, BitField bits, FieldRole role) {
    fields.add(new DecodedField(bits, bits.get(word), role, noteOf(bits, role)));
  }

  private String noteOf(BitField bits, FieldRole role) {
    return switch (role) {
      case KIND -> kindNote(bits);
      case TABLE_ADDRESS -> "table address %#x".formatted(format.tableAddress(word, level));
      case OUTPUT_ADDRESS -> "output address %#x".formatted(format.entryOa(word, level));
      case SIZE_CODE -> {
        int contig = format.contigLg2(word, level);
        yield "size code, not address: %d items, %s"
            .formatted(1 << contig, ByteSize.ofLg2(format.itemSizeLg2(level) + contig));
      }
      case PERMISSION -> permissionNote(bits);
      case WRITTEN -> format.isDirty(word) ? "the device wrote" : "no write recorded";
      case SOFTWARE -> EntryLayout.FOR_SOFTWARE;
      case OTHER -> type == EntryType.EMPTY ? "" : bits.title();
      case UNNAMED -> "";
    };
  }

  private String kindNote(BitField bits) {
    if (type == EntryType.EMPTY) {
      return everyBitDecides() ? "" : "not " + bits.title();
    }
    for (int bit = bits.low(); bit <= bits.high(); bit++) {
      if (format.typeOf(word ^ (1L << bit), level) == EntryType.EMPTY) {
        return "present";
      }
    }
    if (type == EntryType.TABLE) {
      return "makes it a table pointer";
    }
    int contig = format.contigLg2(word, level);
    return contig == 0
        ? "makes it a leaf of one item"
        : "makes it a leaf of %d items, its size coded in the address".formatted(1 << contig);
  }

  /** True where only a word that is zero altogether is empty. */
  private boolean everyBitDecides() {
    return format.layout(type, level).stream()
        .allMatch(field -> effectOf(field.low()) == FieldRole.KIND);
  }

  private String permissionNote(BitField bits) {
    int mine = format.protectionOf(word, level);
    int changed = mine ^ format.protectionOf(word ^ bits.mask(), level);
    if (changed == Protection.NOEXEC) {
      return (mine & changed) == 0 ? "the device may execute" : "the device may not execute";
    }
    String allowed =
        switch (changed) {
          case Protection.READ -> "read";
          case Protection.WRITE -> "write";
          case Protection.READ_WRITE -> "read and write";
          default -> "";
        };
    if (allowed.isEmpty()) {
      return "protection " + Protection.describe(mine);
    }
    return ((mine & changed) != 0 ? "the device may " : "the device may not ") + allowed;
  }
}
