package dev.genpt.vectors;

/** What a driver was told. */
sealed interface Event {
  /** The kind of the invalidation of a gather. */
  String SYNC = "sync";

  /** The root was replaced by one of this level. */
  record ChangeTop(int level) implements Event {
    @Override
    public String toString() {
      return "change_top to level " + level;
    }
  }

  /**
   * Addresses were invalidated.
   *
   * @param kind how the files call it: {@code sync} for a gather, another name for what an old
   *     engine flushes at once
   * @param start first address
   * @param end last address, inclusive but for {@code cache_tag_flush}
   * @param freed tables that wait to be freed
   * @param pageSize bytes of each page, where an old engine set that; else 0
   */
  record Flush(String kind, long start, long end, int freed, long pageSize) implements Event {
    @Override
    public String toString() {
      String pages = pageSize == 0 ? "" : ", pages of %#x".formatted(pageSize);
      return "%s %#x to %#x, %d freed%s".formatted(kind, start, end, freed, pages);
    }
  }

  /** The invalidation of a gather without a page size. */
  static Event sync(long start, long end, int freed) {
    return new Flush(SYNC, start, end, freed, 0);
  }
}
