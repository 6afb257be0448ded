package dev.genpt.iommu;

/** Receives what a dirty read finds. Called by the reading thread, in ascending address order. */
@FunctionalInterface
public interface DirtyRecorder {
  /** Ignores what is found; for clearing only. */
  DirtyRecorder NONE = (iova, length) -> {};

  /**
   * The device wrote somewhere in {@code [iova, iova + length)}: one dirty entry, cut to the range
   * that was asked for.
   */
  void record(long iova, long length);
}
