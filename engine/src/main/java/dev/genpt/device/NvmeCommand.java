package dev.genpt.device;

import dev.genpt.bits.BitField;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An entry of an NVMe submission queue.
 *
 * <pre>
 * q0  63:32 namespace | 31:16 command identifier | 7:0 opcode
 * q3  PRP 1: the first page of the data
 * q4  PRP 2: the second, or the list of those behind the first
 * q5  first block
 * q6  15:0 blocks, less one
 * </pre>
 *
 * <p>Source: NVM Express Base Specification, "Submission Queue Entry"; NVM Command Set, "Read".
 *
 * @param opcode {@link #WRITE}, {@link #READ} or another, 0..0xff
 * @param id the command among those in flight, 0..0xffff
 * @param prp1 for the device
 * @param prp2 for the device
 * @param lba the first block
 * @param blocks 1 to 0x10000
 */
record NvmeCommand(int opcode, int id, long prp1, long prp2, long lba, int blocks) {
  /** Bytes of an entry. */
  static final int BYTES = 64;

  /** From memory to the drive. */
  static final int WRITE = 1;

  /** From the drive to memory. */
  static final int READ = 2;

  private static final BitField OPCODE = new BitField("Opcode", 7, 0);
  private static final BitField ID = new BitField("Command identifier", 31, 16);
  private static final BitField NAMESPACE = new BitField("Namespace", 63, 32);
  private static final BitField BLOCKS = new BitField("Blocks", 15, 0);
  private static final int PRP1 = 24;
  private static final int PRP2 = 32;
  private static final int LBA = 40;
  private static final int COUNT = 48;

  static NvmeCommand decode(byte[] bytes) {
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long q0 = words.getLong(0);
    return new NvmeCommand(
        (int) OPCODE.get(q0),
        (int) ID.get(q0),
        words.getLong(PRP1),
        words.getLong(PRP2),
        words.getLong(LBA),
        (int) BLOCKS.get(words.getLong(COUNT)) + 1);
  }

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(0, OPCODE.of(opcode) | ID.of(id) | NAMESPACE.of(1))
        .putLong(PRP1, prp1)
        .putLong(PRP2, prp2)
        .putLong(LBA, lba)
        .putLong(COUNT, BLOCKS.of(blocks - 1))
        .array();
  }
}
