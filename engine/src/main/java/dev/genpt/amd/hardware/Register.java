package dev.genpt.amd.hardware;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The registers that the model has, by offset, with the bits that software may write.
 *
 * <pre>
 * ring base     59:56 length code: 2^n entries of 16 bytes, n in 8..15 | 51:12 address
 * ring pointer  18:4 offset from the ring's base
 * table base    51:12 address | 8:0 (segments 7:0) size in units of 4 KiB, less one
 * </pre>
 *
 * <p>Every other offset reads 0 and ignores writes.
 *
 * <p>Source: AMD I/O Virtualization Technology (IOMMU) Specification, "MMIO Registers".
 */
enum Register {
  DEVICE_TABLE_BASE(0x0000, 0x000f_ffff_ffff_f1ffL),
  COMMAND_BASE(0x0008, Register.RING_BASE),
  EVENT_BASE(0x0010, Register.RING_BASE),
  CONTROL(0x0018, ~(0xfL << 18 | 1L << 49 | 1L << 57)),
  EXCLUSION_BASE(0x0020, 0x000f_ffff_ffff_f003L),
  EXCLUSION_LIMIT(0x0028, 0x000f_ffff_ffff_f000L),
  EXTENDED_FEATURES(0x0030, 0),
  PPR_BASE(0x0038, Register.RING_BASE),
  HARDWARE_EVENT_HIGH(0x0040, 0),
  HARDWARE_EVENT_LOW(0x0048, 0),
  HARDWARE_EVENT_STATUS(0x0050, 3),
  SEGMENT_1(0x0100, Register.SEGMENT_BASE),
  SEGMENT_2(0x0108, Register.SEGMENT_BASE),
  SEGMENT_3(0x0110, Register.SEGMENT_BASE),
  SEGMENT_4(0x0118, Register.SEGMENT_BASE),
  SEGMENT_5(0x0120, Register.SEGMENT_BASE),
  SEGMENT_6(0x0128, Register.SEGMENT_BASE),
  SEGMENT_7(0x0130, Register.SEGMENT_BASE),
  EXTENDED_FEATURES_2(0x01a0, 0),
  COMMAND_HEAD(0x2000, Register.POINTER),
  COMMAND_TAIL(0x2008, Register.POINTER),
  EVENT_HEAD(0x2010, Register.POINTER),
  EVENT_TAIL(0x2018, Register.POINTER),
  STATUS(0x2020, 0x667),
  PPR_HEAD(0x2030, Register.POINTER),
  PPR_TAIL(0x2038, Register.POINTER);

  /** The bases of the device table's segments. */
  static final List<Register> SEGMENT_BASES =
      List.of(
          DEVICE_TABLE_BASE,
          SEGMENT_1,
          SEGMENT_2,
          SEGMENT_3,
          SEGMENT_4,
          SEGMENT_5,
          SEGMENT_6,
          SEGMENT_7);

  private static final long RING_BASE = 0x0f0f_ffff_ffff_f000L;
  private static final long SEGMENT_BASE = 0x000f_ffff_ffff_f0ffL;
  private static final long POINTER = 0x7_fff0L;
  private static final @Nullable Register[] BY_OFFSET = byOffset();

  /** Bytes from the start of the region, a multiple of 8. */
  final int offset;

  /** Bits that a write changes, or of a status register: bits that writing 1 clears. */
  final long writable;

  Register(int offset, long writable) {
    this.offset = offset;
    this.writable = writable;
  }

  /** True if writing 1 clears a bit and writing 0 leaves it. */
  boolean isStatus() {
    return this == STATUS || this == HARDWARE_EVENT_STATUS;
  }

  /** The register that the aligned 8 bytes at {@code offset} are. */
  static @Nullable Register at(int offset) {
    int index = offset >>> 3;
    return offset < 0 || index >= BY_OFFSET.length ? null : BY_OFFSET[index];
  }

  private static @Nullable Register[] byOffset() {
    var found = new @Nullable Register[(PPR_TAIL.offset >>> 3) + 1];
    for (Register register : values()) {
      found[register.offset >>> 3] = register;
    }
    return found;
  }
}
