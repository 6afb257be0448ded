package dev.genpt.vectors;

import dev.genpt.table.Protection;

/** One operation of a scenario. Addresses and lengths are unsigned bytes. */
sealed interface Operation {
  /** How the files call it, with its arguments. */
  String text();

  /** An operation on {@code [iova, iova + length)}. */
  sealed interface OnRange extends Operation {
    long iova();

    long length();
  }

  /**
   * A map.
   *
   * @param allOrNothing true for the core's {@code imap}, which rolls back; false for the low-level
   *     range map, which stays as far as it came
   */
  record Map(long iova, long pa, long length, int protection, boolean allOrNothing)
      implements OnRange {
    @Override
    public String text() {
      return "%s iova %#x pa %#x len %#x prot %s"
          .formatted(
              allOrNothing ? "imap" : "map", iova, pa, length, Protection.describe(protection));
    }
  }

  /**
   * An unmap with a gather of its own.
   *
   * @param queued true if its range is not gathered, only its freed tables
   */
  record Unmap(long iova, long length, boolean queued) implements OnRange {
    @Override
    public String text() {
      return "unmap iova %#x len %#x%s".formatted(iova, length, queued ? " queued" : "");
    }
  }

  /** An unmap into the one gather that lives as long as the scenario. */
  record UnmapFast(long iova, long length) implements OnRange {
    @Override
    public String text() {
      return "unmap_fast iova %#x len %#x".formatted(iova, length);
    }
  }

  /** The flush of the gather that {@link UnmapFast} filled. */
  record Sync() implements Operation {
    @Override
    public String text() {
      return "sync";
    }
  }

  /** A translation. */
  record IovaToPhys(long iova) implements OnRange {
    @Override
    public long length() {
      return 1;
    }

    @Override
    public String text() {
      return "i2p iova %#x".formatted(iova);
    }
  }

  /** The test hook that does what a writing device does. */
  record SetDirty(long iova) implements Operation {
    @Override
    public String text() {
      return "set_dirty iova %#x".formatted(iova);
    }
  }

  /**
   * A dirty read with a gather of its own.
   *
   * @param clear false to leave the bits
   */
  record ReadDirty(long iova, long length, boolean clear) implements Operation {
    @Override
    public String text() {
      return "read_dirty iova %#x len %#x%s".formatted(iova, length, clear ? "" : " noclear");
    }
  }

  /** The whole table. */
  record Dump() implements Operation {
    @Override
    public String text() {
      return "dump";
    }
  }
}
