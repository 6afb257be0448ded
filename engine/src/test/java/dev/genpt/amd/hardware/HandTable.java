package dev.genpt.amd.hardware;

import dev.genpt.bits.Log2;

/** A table that is written by hand, from the specification: host or guest, tables as needed. */
final class HandTable {
  /** The bits of a pointer, with what depends on the level of the table that it leads to. */
  enum Kind {
    HOST,
    GUEST;

    private long pointer(long table, int level) {
      return switch (this) {
        case HOST -> 0x6000_0000_0000_0001L | (long) level << 9 | table;
        case GUEST -> 0x27 | table;
      };
    }
  }

  private final Board board;
  private final Kind kind;
  private final long root;
  private final long levels;

  HandTable(Board board, Kind kind, int levels) {
    this.board = board;
    this.kind = kind;
    this.levels = levels;
    root = board.newTable();
  }

  static HandTable host(Board board, int levels) {
    return new HandTable(board, Kind.HOST, levels);
  }

  static HandTable guest(Board board, int levels) {
    return new HandTable(board, Kind.GUEST, levels);
  }

  long root() {
    return root;
  }

  long levels() {
    return levels;
  }

  /** Writes the entry of {@code address} at a level, 1 the lowest. */
  HandTable put(long address, int level, long word) {
    board.memory.write64(place(address, level), word);
    return this;
  }

  /** Where the entry of {@code address} at a level is. */
  long place(long address, int level) {
    long table = root;
    for (int at = (int) levels; at > level; at--) {
      long pa = table + index(address, at) * 8;
      if ((board.memory.read64(pa) & 1) == 0) {
        board.memory.write64(pa, kind.pointer(board.newTable(), at - 1));
      }
      table = board.memory.read64(pa) & 0x000f_ffff_ffff_f000L;
    }
    return table + index(address, level) * 8;
  }

  /** The entry of {@code address} at a level. */
  long word(long address, int level) {
    return board.memory.read64(place(address, level));
  }

  private static long index(long address, int level) {
    return Log2.mod(address, Math.min(64, 12 + 9 * level)) >>> (12 + 9 * (level - 1));
  }
}
