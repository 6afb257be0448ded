package dev.genpt.amd.hardware;

/**
 * A device as the IOMMU speaks to it: one that keeps translations, or asks for pages.
 *
 * <p>Threads: called by whichever thread runs the IOMMU's commands or makes a page request.
 */
public interface AtsDevice {
  /**
   * The device forgets translations of a block of addresses.
   *
   * @param pasid the address space, or {@link Request#NO_PASID}
   * @param block which addresses
   * @return false if it does not answer in time
   */
  boolean invalidate(int pasid, AddressBlock block);

  /** The device gets the answer to a group of page requests. */
  void respond(PageResponse response);
}
