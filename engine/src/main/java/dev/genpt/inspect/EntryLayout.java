package dev.genpt.inspect;

import dev.genpt.bits.BitField;
import dev.genpt.bits.Log2;
import dev.genpt.table.EntryType;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How a format lays out its leaves, or its table pointers, on the levels where they are alike.
 *
 * @param type what is laid out, {@link EntryType#LEAF} or {@link EntryType#TABLE}
 * @param firstLevel lowest of the levels
 * @param lastLevel highest of them, inclusive
 * @param parts every bit of a word once, highest first
 * @param examples words of the first level: the smallest, and where there are leaves over several
 *     items, the largest of them
 */
public record EntryLayout(
    EntryType type, int firstLevel, int lastLevel, List<Part> parts, List<DecodedEntry> examples) {
  static final String FOR_SOFTWARE = "for software, hardware ignores it";

  private static final long EXAMPLE_OA = 0x1234_5000L;
  private static final long EXAMPLE_TABLE = 0x1abc_d000L;

  /**
   * A run of bits.
   *
   * @param bits where it lies; its name is empty where the format gives none
   * @param softwareBits numbers of the first and the last software bit in it, or none
   */
  public record Part(BitField bits, List<Integer> softwareBits) {
    /** What it is called: {@code D}, {@code sw 2-12}, or nothing. */
    public String name() {
      return softwareBits.isEmpty()
          ? bits.name()
          : "sw "
              + softwareBits.stream().distinct().map(n -> "" + n).collect(Collectors.joining("-"));
    }

    /** Where it lies, under that name. */
    BitField named() {
      return new BitField(name(), bits.high(), bits.low());
    }

    /** What it is for, in one line. */
    public String meaning() {
      if (!softwareBits.isEmpty()) {
        return FOR_SOFTWARE;
      }
      return bits.name().isEmpty() ? "not used, 0" : bits.title();
    }
  }

  /** Copies the lists. */
  public EntryLayout {
    parts = List.copyOf(parts);
    examples = List.copyOf(examples);
  }

  /** The layouts of all levels: those of leaves from level 0 up, then those of table pointers. */
  static List<EntryLayout> of(PageTableFormat format) {
    List<EntryLayout> all = new ArrayList<>();
    for (EntryType type : List.of(EntryType.LEAF, EntryType.TABLE)) {
      for (int level = 0; level <= format.geometry().maxTopLevel(); level++) {
        if (type == EntryType.LEAF ? format.canHaveLeaf(level) : level > 0) {
          add(all, format, type, level);
        }
      }
    }
    return all;
  }

  /** Adds a level to the latest layout if it looks the same. */
  private static void add(
      List<EntryLayout> all, PageTableFormat format, EntryType type, int level) {
    List<Part> parts = parts(format, type, level);
    if (!all.isEmpty() && all.getLast().type == type && all.getLast().parts.equals(parts)) {
      EntryLayout latest = all.removeLast();
      all.add(new EntryLayout(type, latest.firstLevel, level, parts, latest.examples));
    } else {
      all.add(new EntryLayout(type, level, level, parts, examples(format, type, level)));
    }
  }

  private static List<Part> parts(PageTableFormat format, EntryType type, int level) {
    List<BitField> fields =
        format.layout(type, level).stream()
            .sorted(Comparator.comparingInt(BitField::high).reversed())
            .toList();
    List<Part> parts = new ArrayList<>();
    int next = (Byte.SIZE << format.geometry().wordLg2()) - 1;
    for (BitField field : fields) {
      parts.addAll(unnamed(format, next, field.high() + 1));
      parts.add(new Part(field, List.of()));
      next = field.low() - 1;
    }
    parts.addAll(unnamed(format, next, 0));
    return parts;
  }

  /** The bits between two fields, cut where software bits begin and end. */
  static List<Part> unnamed(PageTableFormat format, int high, int low) {
    List<Part> parts = new ArrayList<>();
    for (int top = high; top >= low; ) {
      int bottom = top;
      int number = softwareNumber(format, top);
      while (bottom > low
          && follows(softwareNumber(format, bottom - 1), number, top - bottom + 1)) {
        bottom--;
      }
      parts.add(
          new Part(
              new BitField("", top, bottom),
              number < 0 ? List.of() : List.of(number - (top - bottom), number)));
      top = bottom - 1;
    }
    return parts;
  }

  private static boolean follows(int number, int topNumber, int distance) {
    return topNumber < 0 ? number < 0 : number >= 0 && number == topNumber - distance;
  }

  /** Number of the software bit that lies there, -1 if there is none. */
  private static int softwareNumber(PageTableFormat format, int bit) {
    return IntStream.rangeClosed(0, format.maxSoftwareBit())
        .filter(n -> format.softwareBit(n) == Log2.toValue(bit))
        .findFirst()
        .orElse(-1);
  }

  private static List<DecodedEntry> examples(PageTableFormat format, EntryType type, int level) {
    if (type == EntryType.TABLE) {
      long table = Log2.alignDown(EXAMPLE_TABLE, format.geometry().tableMemLg2());
      return List.of(DecodedEntry.of(format, format.tableWord(table, level), level));
    }
    long sizes = format.possibleSizes(level);
    return IntStream.of(Log2.ffs(sizes), Log2.fls(sizes) - 1)
        .distinct()
        .mapToLong(sizeLg2 ->
            format.leafWord(
                Log2.alignDown(EXAMPLE_OA, sizeLg2),
                sizeLg2,
                level,
                format.attributesFor(Protection.READ_WRITE)))
        .mapToObj(word -> DecodedEntry.of(format, word, level))
        .toList();
  }

  /** What is laid out, and where: {@code Leaf at levels 0 to 2}. */
  public String title() {
    String what = type == EntryType.LEAF ? "Leaf" : "Table pointer";
    return firstLevel == lastLevel
        ? "%s at level %d".formatted(what, firstLevel)
        : "%s at levels %d to %d".formatted(what, firstLevel, lastLevel);
  }
}
