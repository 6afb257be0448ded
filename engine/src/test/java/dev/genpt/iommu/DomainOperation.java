package dev.genpt.iommu;

import dev.genpt.table.Protection;

/** One step of a random sequence on a domain. */
sealed interface DomainOperation {
  /** Who invalidates what an unmap took off, and when. */
  enum Flush {
    /** The unmap itself. */
    AT_ONCE,
    /** A gather that is kept, and synced later. */
    GATHERED,
    /** A gather for a flush of everything later. */
    QUEUED
  }

  /**
   * Map a range.
   *
   * @param allOrNothing false to keep what was mapped before an error
   */
  record MapRange(long iova, long pa, long length, int protection, boolean allOrNothing)
      implements DomainOperation {
    @Override
    public String toString() {
      return "%s(%#x, %#x, %#x, %s)"
          .formatted(
              allOrNothing ? "map" : "mapRange", iova, pa, length, Protection.describe(protection));
    }
  }

  /** Unmap a range. */
  record UnmapRange(long iova, long length, Flush flush) implements DomainOperation {
    @Override
    public String toString() {
      return "unmap(%#x, %#x, %s)".formatted(iova, length, flush);
    }
  }

  /**
   * Unmap from the start of a leaf that is there.
   *
   * @param pick which leaf, modulo their number
   * @param length bytes
   */
  record UnmapLeaf(int pick, long length, Flush flush) implements DomainOperation {
    @Override
    public String toString() {
      return "unmap(leaf %d, %#x, %s)".formatted(pick, length, flush);
    }
  }

  /** Write, as a device. */
  record Write(long iova) implements DomainOperation {
    @Override
    public String toString() {
      return "setDirty(%#x)".formatted(iova);
    }
  }

  /**
   * Write, as a device, to a leaf that is there.
   *
   * @param pick which leaf, modulo their number
   * @param offset where in the leaf, modulo its size
   */
  record WriteLeaf(int pick, long offset) implements DomainOperation {}

  /** Read dirty bits of a range. */
  record ReadDirty(long iova, long length, boolean clear) implements DomainOperation {
    @Override
    public String toString() {
      return "readAndClearDirty(%#x, %#x, %s)".formatted(iova, length, clear);
    }
  }

  /** Drop page sizes. */
  record Narrow(long keep) implements DomainOperation {
    @Override
    public String toString() {
      return "narrowPageSizes(%#x)".formatted(keep);
    }
  }

  /** Invalidate what a kept gather holds. */
  record Sync(Flush flush) implements DomainOperation {}

  /** Let the n-th request for memory from now on fail. */
  record FailRequest(int n) implements DomainOperation {}
}
