package dev.genpt.iommu;

/** One step of a random sequence on a domain. */
sealed interface DomainOperation {
  /** Map a range. */
  record MapRange(long iova, long pa, long length) implements DomainOperation {
    @Override
    public String toString() {
      return "map(%#x, %#x, %#x)".formatted(iova, pa, length);
    }
  }

  /** Unmap a range. */
  record UnmapRange(long iova, long length) implements DomainOperation {
    @Override
    public String toString() {
      return "unmap(%#x, %#x)".formatted(iova, length);
    }
  }

  /**
   * Unmap from the start of a leaf that is there.
   *
   * @param pick which leaf, modulo their number
   * @param length bytes
   */
  record UnmapLeaf(int pick, long length) implements DomainOperation {}

  /**
   * Write, as a device, to a leaf that is there.
   *
   * @param pick which leaf, modulo their number
   * @param offset where in the leaf, modulo its size
   */
  record Write(int pick, long offset) implements DomainOperation {}

  /** Read and clear dirty bits of a range. */
  record ReadDirty(long iova, long length) implements DomainOperation {
    @Override
    public String toString() {
      return "readAndClearDirty(%#x, %#x)".formatted(iova, length);
    }
  }
}
