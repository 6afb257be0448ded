package dev.genpt.amd.driver;

import dev.genpt.bits.BitField;
import java.util.Set;
import java.util.TreeSet;

/**
 * An entry of the event log.
 *
 * <pre>
 * low    63:60 code | 59:48 flags | 47:32 PASID[15:0] or DomainID | 19:16 PASID[19:16] | 15:0 DeviceID
 * high   address
 * </pre>
 *
 * @param low the word at the lower address
 * @param high the other one
 */
public record LoggedEvent(long low, long high) {
  private static final BitField CODE = new BitField("Code", 63, 60);
  private static final BitField FLAGS = new BitField("Flags", 59, 48);
  private static final BitField TYPE = new BitField("Type", 58, 57);
  private static final BitField REQUEST_TYPE = new BitField("Type", 59, 57);
  private static final BitField DEVICE_ID = new BitField("DeviceID", 15, 0);
  private static final BitField ID = new BitField("PASID or DomainID", 47, 32);
  private static final long PASID_19_16 = 0xf0000;
  private static final BitField PPR_PASID_15_0 = new BitField("PASID", 31, 16);
  private static final BitField PPR_PASID_19_16 = new BitField("PASID", 45, 42);
  private static final BitField PPR_TAG = new BitField("Tag", 41, 32);

  /** A property of the request or of what it met. */
  public enum Flag {
    /** The request carried a PASID: its addresses are a guest's. */
    GN(48),
    /** An instruction fetch. */
    NX(49),
    /** With user privilege. */
    US(50),
    /** An interrupt, not a memory request. */
    I(51),
    /** The entry that refused was present. */
    PR(52),
    /** A write. */
    RW(53),
    /** The permissions did not suffice. */
    PE(54),
    /** Reserved bits were set. */
    RZ(55),
    /** The device asked for a translation (ATS). */
    TR(56);

    private final int bit;

    Flag(int bit) {
      this.bit = bit;
    }
  }

  /** What is reported. */
  public EventKind kind() {
    return EventKind.ofCode((int) CODE.get(low));
  }

  /** True if there is no entry here, or not yet. */
  boolean isEmpty() {
    return CODE.get(low) == 0;
  }

  /** True if the flag is set. */
  public boolean has(Flag flag) {
    return (low >>> flag.bit & 1) != 0;
  }

  /** The flags that are set. */
  public Set<Flag> flagSet() {
    Set<Flag> set = new TreeSet<>();
    for (Flag flag : Flag.values()) {
      if (has(flag)) {
        set.add(flag);
      }
    }
    return set;
  }

  /** The 12 bits of flags and type as messages show them. */
  public int flags() {
    return (int) FLAGS.get(low);
  }

  /** The requester ID. */
  public int deviceId() {
    return (int) DEVICE_ID.get(low);
  }

  /** PASID of the request, or DomainID: {@link Flag#GN} tells. */
  public int id() {
    return (int) ((low & PASID_19_16) | ID.get(low));
  }

  /** The address: of the request, or of the memory that was meant. */
  public long address() {
    return high;
  }

  /** The code of a hardware error: 1 master abort, 2 target abort, 3 data error. */
  int errorType() {
    return (int) TYPE.get(low);
  }

  /** The code of an invalid request. */
  int requestType() {
    return (int) REQUEST_TYPE.get(low);
  }

  /** PASID of an invalid page request. */
  int pprPasid() {
    return (int) (PPR_PASID_15_0.get(low) | (PPR_PASID_19_16.get(low) << 16));
  }

  /** Tag of an invalid page request. */
  int pprTag() {
    return (int) PPR_TAG.get(low);
  }

  /**
   * The event in plain words.
   *
   * @param segment PCI segment of the IOMMU that logged it
   */
  public String explain(int segment) {
    return EventWords.explain(this, segment);
  }

  @Override
  public String toString() {
    return "%08x %08x %08x %08x"
        .formatted((int) low, (int) (low >>> 32), (int) high, (int) (high >>> 32));
  }
}
