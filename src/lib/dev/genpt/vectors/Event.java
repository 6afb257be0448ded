package dev.genpt.vectors;

/** What a driver was told. */
sealed interface Event {
  /** The root was replaced by one of this level. */
  record ChangeTop(int level) implements Event {
    @Override
    public String toString() {
      return "change_top to level " + level;
    }
  }

  /** Addresses were invalidated, with so many tables waiting to be freed. */
  record Sync(long start, long end, int freed) implements Event {
    @Override
    public String toString() {
      return "sync %#x to %#x, %d freed".formatted(start, end, freed);
    }
  }
}
