package dev.genpt.device;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Traces as CSV: a header, then a line a step; {@code iova}, {@code length} and {@code pa} are
 * hexadecimal with {@code 0x}. No cell is quoted. Stateless.
 *
 * <pre>
 * step,device,kind,iova,length,pa,prot,result
 * 1,nic,map,0xffffc000,0x1000,0x100042000,w,ok
 * 2,nic,write,0xffffc000,0x40,0x100042000,w,ok
 * 3,nic,fault,0xffffd000,0x40,,w,IO_PAGE_FAULT flags=0x0020
 * </pre>
 */
public final class TraceCsv {
  /** The first line. */
  public static final String HEADER = "step,device,kind,iova,length,pa,prot,result";

  private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-f]{1,16}");
  private static final int CELLS = HEADER.split(",", -1).length;

  private TraceCsv() {}

  /** The text of a file, with a line end behind every line. */
  public static String write(List<TraceEntry> entries) {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    for (TraceEntry entry : entries) {
      text.append(
          "%d,%s,%s,%#x,%#x,%s,%s,%s\n"
              .formatted(
                  entry.step(),
                  entry.device(),
                  entry.kind().text(),
                  entry.iova(),
                  entry.length(),
                  entry.pa().isPresent() ? "%#x".formatted(entry.pa().getAsLong()) : "",
                  Protection.describe(entry.protection()),
                  entry.result()));
    }
    return text.toString();
  }

  /**
   * The steps of a file's lines.
   *
   * @throws IommuException EINVAL for another header, and for a line that {@link #write} would not
   *     write, with its number and the cell; the steps must count from 1
   */
  public static List<TraceEntry> read(List<String> lines) {
    if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
      throw new IommuException(Errno.EINVAL, "line 1: must be " + HEADER);
    }
    List<TraceEntry> entries = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      try {
        entries.add(entry(i, lines.get(i)));
      } catch (IommuException e) {
        throw new IommuException(Errno.EINVAL, "line %d: %s".formatted(i + 1, e.rule()));
      }
    }
    return List.copyOf(entries);
  }

  private static TraceEntry entry(int step, String line) {
    String[] cells = line.split(",", -1);
    if (cells.length != CELLS) {
      throw wrong("%d cells: must be %d".formatted(cells.length, CELLS));
    }
    if (!cells[0].equals("" + step)) {
      throw wrong("step \"%s\": must be %d".formatted(cells[0], step));
    }
    return new TraceEntry(
        step,
        cells[1],
        kind(cells[2]),
        number("iova", cells[3]),
        number("length", cells[4]),
        cells[5].isEmpty() ? OptionalLong.empty() : OptionalLong.of(number("pa", cells[5])),
        protection(cells[6]),
        cells[7]);
  }

  private static TraceEntry.Kind kind(String text) {
    for (TraceEntry.Kind kind : TraceEntry.Kind.values()) {
      if (kind.text().equals(text)) {
        return kind;
      }
    }
    throw wrong("kind \"%s\": must be map, unmap, read, write or fault".formatted(text));
  }

  private static long number(String column, String text) {
    if (!HEXADECIMAL.matcher(text).matches()) {
      throw wrong("%s \"%s\": must be 0x and 1 to 16 digits 0-9a-f".formatted(column, text));
    }
    return Long.parseUnsignedLong(text.substring(2), 16);
  }

  private static int protection(String text) {
    return switch (text) {
      case "r" -> Protection.READ;
      case "w" -> Protection.WRITE;
      case "rw" -> Protection.READ_WRITE;
      default -> throw wrong("prot \"%s\": must be r, w or rw".formatted(text));
    };
  }

  private static IommuException wrong(String rule) {
    return new IommuException(Errno.EINVAL, rule);
  }
}
