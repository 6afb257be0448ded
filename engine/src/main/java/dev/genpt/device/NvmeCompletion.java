package dev.genpt.device;

import dev.genpt.bits.BitField;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An entry of an NVMe completion queue.
 *
 * <pre>
 * q0  63:0 0
 * q1  63:49 status | 48 phase | 47:32 command identifier | 31:16 queue 1 | 15:0 submission head
 * </pre>
 *
 * <p>Source: NVM Express Base Specification, "Completion Queue Entry".
 *
 * @param id the command
 * @param submissionHead how far the drive has fetched commands
 * @param phase turns over each time round the queue: tells a new entry from an old one
 * @param status how it ended
 */
record NvmeCompletion(int id, int submissionHead, boolean phase, NvmeStatus status) {
  /** Bytes of an entry. */
  static final int BYTES = 16;

  private static final BitField HEAD = new BitField("Submission head", 15, 0);
  private static final BitField QUEUE = new BitField("Queue", 31, 16);
  private static final BitField ID = new BitField("Command identifier", 47, 32);
  private static final BitField PHASE = BitField.bit("Phase", 48);
  private static final BitField STATUS = new BitField("Status", 63, 49);

  /** The phase of an entry, which may be an old one. */
  static boolean phaseOf(byte[] bytes) {
    return PHASE.get(q1(bytes)) != 0;
  }

  static NvmeCompletion decode(byte[] bytes) {
    long q1 = q1(bytes);
    return new NvmeCompletion(
        (int) ID.get(q1),
        (int) HEAD.get(q1),
        phaseOf(bytes),
        NvmeStatus.ofCode((int) STATUS.get(q1)));
  }

  private static long q1(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(Long.BYTES);
  }

  byte[] encode() {
    long q1 =
        HEAD.of(submissionHead)
            | QUEUE.of(1)
            | ID.of(id)
            | PHASE.of(phase ? 1 : 0)
            | STATUS.of(status.code());
    return ByteBuffer.allocate(BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(Long.BYTES, q1)
        .array();
  }
}
