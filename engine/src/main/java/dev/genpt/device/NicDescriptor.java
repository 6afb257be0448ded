package dev.genpt.device;

import dev.genpt.bits.BitField;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A buffer as the rings of a {@link Nic} hold it.
 *
 * <pre>
 * q0  63:0 address
 * q1  18 error | 17 done | 16 end of frame | 15:0 length
 * </pre>
 *
 * @param address for the device
 * @param length bytes, 0..0xffff; once received: of the frame's part
 * @param end true if the frame ends here
 * @param done true once the device is done with it
 * @param error true if the device could not reach it
 */
record NicDescriptor(long address, int length, boolean end, boolean done, boolean error) {
  /** Bytes of a descriptor. */
  static final int BYTES = 16;

  private static final BitField LENGTH = new BitField("Length", 15, 0);
  private static final BitField END = BitField.bit("End", 16);
  private static final BitField DONE = BitField.bit("Done", 17);
  private static final BitField ERROR = BitField.bit("Error", 18);

  /** One for the device to use. */
  static NicDescriptor of(long address, int length, boolean end) {
    return new NicDescriptor(address, length, end, false, false);
  }

  /** The same when the device has used {@code bytes} of it. */
  NicDescriptor used(int bytes, boolean last, boolean reached) {
    return new NicDescriptor(address, bytes, last, true, !reached);
  }

  static NicDescriptor decode(byte[] bytes) {
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long q1 = words.getLong(Long.BYTES);
    return new NicDescriptor(
        words.getLong(0),
        (int) LENGTH.get(q1),
        END.get(q1) != 0,
        DONE.get(q1) != 0,
        ERROR.get(q1) != 0);
  }

  byte[] encode() {
    long q1 =
        LENGTH.of(length) | END.of(end ? 1 : 0) | DONE.of(done ? 1 : 0) | ERROR.of(error ? 1 : 0);
    return ByteBuffer.allocate(BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(address)
        .putLong(q1)
        .array();
  }
}
