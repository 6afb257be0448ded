package dev.genpt.amd.hardware;

/** What a device does to memory. */
public enum Access {
  /** Reads data. */
  READ,
  /** Writes data. */
  WRITE,
  /** Fetches an instruction; only with a PASID is that more than a read. */
  EXECUTE
}
