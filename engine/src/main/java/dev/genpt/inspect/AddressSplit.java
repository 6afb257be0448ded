package dev.genpt.inspect;

import dev.genpt.bits.BitField;
import dev.genpt.inspect.WalkTrace.Outcome;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import java.util.ArrayList;
import java.util.List;

/**
 * An input address cut into the fields that a walk uses: one index a level, and the offset.
 *
 * @param iova the address
 * @param parts the fields, highest first; together they are all 64 bits, each once but for one
 *     case: where a leaf takes several items, the low bits of the last index belong to the offset
 *     too
 */
public record AddressSplit(long iova, List<Part> parts) {
  private static final int ADDRESS_BITS = Long.SIZE;

  /** What a field of an address is for. */
  public enum Use {
    /** Above what the table decodes. */
    ABOVE,
    /** Picks the item of one level's table. */
    INDEX,
    /** Carried over to the output address as it is. */
    OFFSET,
    /** Not looked at, since the walk ended before. */
    NOT_REACHED
  }

  /**
   * A field of an address.
   *
   * @param use what it is for
   * @param level the level whose index it is; -1 unless it is an index
   * @param bits where it lies
   * @param value its bits, moved down to bit 0
   */
  public record Part(Use use, int level, BitField bits, long value) {
    /** The bit numbers: {@code 38:30}. */
    public String bitRange() {
      return bits.range();
    }

    /** The value: an index in decimal, anything else in hexadecimal. */
    public String valueText() {
      return use == Use.INDEX ? "" + value : "%#x".formatted(value);
    }
  }

  /** Copies the list. */
  public AddressSplit {
    parts = List.copyOf(parts);
  }

  /** The address cut for a walk down to level 0 of the table as its root is now. */
  public static AddressSplit of(PageTable table, long iova) {
    int topLevel = table.root().level();
    return of(table.format(), topLevel, table.widthLg2(topLevel), iova);
  }

  /** The address cut for a walk from a root of {@code topLevel} that decodes all there is. */
  static AddressSplit of(PageTableFormat format, int topLevel, int widthLg2, long iova) {
    List<Part> parts = new ArrayList<>();
    int end = widthLg2;
    add(parts, iova, Use.ABOVE, -1, ADDRESS_BITS, end);
    for (int level = topLevel; level >= 0; level--) {
      int low = format.itemSizeLg2(level);
      add(parts, iova, Use.INDEX, level, end, low);
      end = low;
    }
    add(parts, iova, Use.OFFSET, -1, end, 0);
    return new AddressSplit(iova, parts);
  }

  /** The address cut as one walk used it: below a large leaf all bits are offset. */
  public static AddressSplit of(WalkTrace trace) {
    List<Part> parts = new ArrayList<>();
    add(parts, trace.iova(), Use.ABOVE, -1, ADDRESS_BITS, trace.widthLg2());
    int end = trace.widthLg2();
    for (WalkTrace.Step step : trace.steps()) {
      add(parts, trace.iova(), Use.INDEX, step.level(), end, step.indexBits().low());
      end = step.indexBits().low();
    }
    if (trace.outcome() instanceof Outcome.Mapped mapped) {
      add(parts, trace.iova(), Use.OFFSET, -1, mapped.sizeLg2(), 0);
    } else {
      add(parts, trace.iova(), Use.NOT_REACHED, -1, end, 0);
    }
    return new AddressSplit(trace.iova(), parts);
  }

  /** Adds bits {@code [end - 1, low]}, if there are any. */
  private static void add(List<Part> parts, long iova, Use use, int level, int end, int low) {
    if (end > low) {
      var bits = new BitField("", end - 1, low);
      parts.add(new Part(use, level, bits, bits.get(iova)));
    }
  }
}
