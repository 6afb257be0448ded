package dev.genpt.device;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;

/** How a command of an NVMe drive ended. Source: NVM Express Base Specification, "Status Code". */
public enum NvmeStatus {
  /** It was done. */
  SUCCESS(0x00),
  /** The drive does not know the command. */
  INVALID_OPCODE(0x01),
  /** A field of the command can't be: too many blocks. */
  INVALID_FIELD(0x02),
  /** The drive could not reach the memory. */
  DATA_TRANSFER_ERROR(0x04),
  /** A page of the data does not begin where it must. */
  PRP_OFFSET_INVALID(0x13),
  /** There are no such blocks. */
  LBA_OUT_OF_RANGE(0x80);

  private final int code;

  NvmeStatus(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static NvmeStatus ofCode(int code) {
    for (NvmeStatus status : values()) {
      if (status.code == code) {
        return status;
      }
    }
    throw new IommuException(Errno.EINVAL, "status %#x: the drive has no such".formatted(code));
  }
}
