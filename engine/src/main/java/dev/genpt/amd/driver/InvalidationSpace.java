package dev.genpt.amd.driver;

/**
 * Which addresses of a domain an invalidation means: those of the host table, or those that a guest
 * table gives a PASID.
 *
 * @param guest true for guest addresses (GN)
 * @param pasid 0 to 2^20 - 1; 0 too for host addresses
 */
record InvalidationSpace(boolean guest, int pasid) {
  /** Host addresses. */
  static final InvalidationSpace HOST = new InvalidationSpace(false, 0);

  /** Guest addresses of a PASID. */
  static InvalidationSpace ofPasid(int pasid) {
    return new InvalidationSpace(true, pasid);
  }
}
