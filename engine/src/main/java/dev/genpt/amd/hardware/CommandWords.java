package dev.genpt.amd.hardware;

import dev.genpt.amd.hardware.IommuFeatures.Bit;
import dev.genpt.bits.BitField;
import dev.genpt.bits.Log2;
import java.util.Optional;

/**
 * The bits of a command.
 *
 * <pre>
 * COMPLETION_WAIT             0 S | 1 I | 2 F | 51:3 address | 127:64 data
 * INVALIDATE_DEVTAB_ENTRY     15:0 DeviceID
 * INVALIDATE_IOMMU_PAGES      19:0 PASID | 47:32 DomainID | 64 S | 65 PDE | 66 GN | 127:76 address
 * INVALIDATE_IOTLB_PAGES      15:0 DeviceID | 23:16 PASID 15:8 | 31:24 Maxpend | 47:32 QueueID
 *                             55:48 PASID 7:0 | 59:56 PASID 19:16 | 64 S | 66 GN | 127:76 address
 * INVALIDATE_INTERRUPT_TABLE  15:0 DeviceID
 * PREFETCH_IOMMU_PAGES        15:0 DeviceID | 31:24 count | 51:32 PASID | 64 S | 66 GN | 127:76 address
 * COMPLETE_PPR_REQUEST        15:0 DeviceID | 51:32 PASID | 66 GN | 111:96 completion word
 * INVALIDATE_IOMMU_ALL
 * </pre>
 *
 * <p>A command with a reserved bit set means nothing.
 */
record CommandWords(long q0, long q1) {
  private static final int OPCODE_SHIFT = 60;
  private static final BitField DEVICE_ID = new BitField("DeviceID", 15, 0);
  private static final BitField STORE_ADDRESS = new BitField("StoreAddress", 51, 3);
  private static final BitField PAGES_PASID = new BitField("PASID", 19, 0);
  private static final BitField PAGES_DOMAIN_ID = new BitField("DomainID", 47, 32);
  private static final BitField IOTLB_PASID_15_8 = new BitField("PASID", 23, 16);
  private static final BitField IOTLB_PASID_7_0 = new BitField("PASID", 55, 48);
  private static final BitField IOTLB_PASID_19_16 = new BitField("PASID", 59, 56);
  private static final BitField PPR_PASID = new BitField("PASID", 51, 32);
  private static final BitField PPR_COMPLETION = new BitField("Completion", 47, 32);
  private static final long GN = 4;
  private static final long PDE = 2;

  static CommandWords of(long q0, long q1) {
    return new CommandWords(q0, q1);
  }

  Optional<Command> decode(IommuFeatures features) {
    return switch ((int) (q0 >>> OPCODE_SHIFT)) {
      case 1 -> only(bits(59, 52), 0, completionWait());
      case 2 -> only(bits(59, 16), -1, new Command.InvalidateDeviceTableEntry(deviceId()));
      case 3 -> only(bits(31, 20) | bits(59, 48), bits(11, 3), invalidatePages());
      case 4 ->
          only(0, 2 | 8 | bits(11, 6), invalidateIotlbPages()).filter(_ -> features.iotlbSup());
      case 5 -> only(bits(59, 16), -1, new Command.InvalidateInterruptTable(deviceId()));
      case 6 ->
          only(bits(23, 16) | bits(59, 52), 2 | 8 | bits(11, 5), new Command.Prefetch(deviceId()))
              .filter(_ -> features.has(Bit.PREFETCH));
      case 7 ->
          only(
                  bits(31, 16) | bits(59, 52),
                  bits(1, 0) | bits(31, 3) | bits(63, 48),
                  completePageRequest())
              .filter(_ -> features.has(Bit.PPR));
      case 8 ->
          only(bits(59, 0), -1, new Command.InvalidateAll()).filter(_ -> features.has(Bit.IA));
      default -> Optional.empty();
    };
  }

  private static long bits(int high, int low) {
    return Log2.toMax(high + 1) & ~Log2.toMax(low);
  }

  /** The command, if none of the reserved bits is set. */
  private Optional<Command> only(long reserved0, long reserved1, Command command) {
    return ((q0 & reserved0) | (q1 & reserved1)) == 0 ? Optional.of(command) : Optional.empty();
  }

  private int deviceId() {
    return (int) DEVICE_ID.get(q0);
  }

  private Command completionWait() {
    return new Command.CompletionWait((q0 & 1) != 0, (q0 & 2) != 0, q0 & STORE_ADDRESS.mask(), q1);
  }

  private Command invalidatePages() {
    return new Command.InvalidatePages(
        (int) PAGES_DOMAIN_ID.get(q0),
        (int) PAGES_PASID.get(q0),
        (q1 & GN) != 0,
        (q1 & PDE) != 0,
        AddressBlock.of(q1));
  }

  private Command invalidateIotlbPages() {
    long pasid =
        IOTLB_PASID_7_0.get(q0) | IOTLB_PASID_15_8.get(q0) << 8 | IOTLB_PASID_19_16.get(q0) << 16;
    return new Command.InvalidateIotlbPages(
        deviceId(), (q1 & GN) != 0 ? (int) pasid : Request.NO_PASID, AddressBlock.of(q1));
  }

  private Command completePageRequest() {
    int pasid = (q1 & GN) != 0 ? (int) PPR_PASID.get(q0) : Request.NO_PASID;
    return new Command.CompletePageRequest(
        deviceId(), PageResponse.of(pasid, (int) PPR_COMPLETION.get(q1)));
  }
}
