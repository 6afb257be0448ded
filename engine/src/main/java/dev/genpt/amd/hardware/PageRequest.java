package dev.genpt.amd.hardware;

/**
 * A device's request to have a page made present (PRI).
 *
 * <pre>
 * q0  63:60 type 1 | 59:48 flags | 45:42 PASID 19:16 | 41:32 tag | 31:16 PASID 15:0 | 15:0 DeviceID
 * q1  63:0 address
 * </pre>
 *
 * @param request who asks for what: the address, the PASID, the access, the privilege
 * @param group the group it belongs to, 0..0x1ff
 * @param last true for the last request of the group
 */
public record PageRequest(Request request, int group, boolean last) {
  private static final long TYPE = 1L << 60;
  private static final int EXECUTE = 0x002;
  private static final int READ = 0x004;
  private static final int WRITE = 0x020;
  private static final int USER = 0x040;
  private static final int GN = 0x100;
  private static final int GROUP = 0x1ff;
  private static final int LAST = 0x200;
  private static final int FLAGS_SHIFT = 48;
  private static final int TAG_SHIFT = 32;

  /** The entry's word at the lower address. */
  long q0() {
    int pasid = request.hasPasid() ? request.pasid() : 0;
    int flags =
        switch (request.access()) {
          case READ -> READ;
          case WRITE -> WRITE;
          case EXECUTE -> READ | EXECUTE;
        };
    if (request.hasPasid()) {
      flags |= GN | (request.privileged() ? 0 : USER);
    }
    long tag = (group & GROUP) | (last ? LAST : 0);
    return TYPE
        | (long) flags << FLAGS_SHIFT
        | (long) (pasid >>> 16) << 42
        | tag << TAG_SHIFT
        | (pasid & 0xffffL) << 16
        | request.deviceId();
  }

  /** The entry's word at the higher address. */
  long q1() {
    return request.address();
  }
}
