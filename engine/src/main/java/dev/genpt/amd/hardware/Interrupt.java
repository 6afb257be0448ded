package dev.genpt.amd.hardware;

/** What an AMD IOMMU interrupts a CPU for. */
public enum Interrupt {
  /** A completion wait asked for it. */
  COMPLETION_WAIT,
  /** The event log has a new entry, or overflowed. */
  EVENT_LOG,
  /** The page request log has a new entry, or overflowed. */
  PPR_LOG
}
