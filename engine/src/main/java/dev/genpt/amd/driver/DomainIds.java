package dev.genpt.amd.driver;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import java.util.BitSet;

/**
 * The identifiers that tag the translations of a domain in the caches: 1 to 65535, the lowest free
 * one first.
 *
 * <p>Threads: any.
 */
final class DomainIds {
  private static final int LAST = 0xffff;

  private final BitSet used = new BitSet();

  DomainIds() {
    used.set(0);
  }

  /**
   * A free identifier.
   *
   * @throws IommuException ENOSPC if there is none
   */
  synchronized int allocate() {
    int id = used.nextClearBit(0);
    if (id > LAST) {
      throw new IommuException(
          Errno.ENOSPC, "domain identifiers 1 to %#x are in use".formatted(LAST));
    }
    used.set(id);
    return id;
  }

  /** One more than the highest identifier in use. */
  synchronized int bound() {
    return used.length();
  }

  /** Gives an identifier back; no cache may hold anything under it any more. */
  synchronized void free(int id) {
    used.clear(id);
  }
}
