package dev.genpt.amd.hardware;

import dev.genpt.bits.Log2;

/** What comes of a device's request. */
public sealed interface Translation {
  /**
   * The device reaches memory.
   *
   * @param address the system physical address of the request's first byte
   * @param readable true if reads are allowed
   * @param writable true if writes are allowed; to a translation request, only if it asked
   * @param pageSizeLg2 bytes of the page around {@code address} that is translated alike, lg2; 12
   *     where nothing is translated
   * @param forceCoherent true if the access is snooped whatever the device says
   * @param untranslatedOnly true if the device must not keep the translation
   */
  record Mapped(
      long address,
      boolean readable,
      boolean writable,
      int pageSizeLg2,
      boolean forceCoherent,
      boolean untranslatedOnly)
      implements Translation {
    private static final int PAGE_LG2 = 12;

    /** The request passes as it is. */
    static Mapped untranslated(long address, int rights) {
      return of(address, PAGE_LG2, rights, false, false);
    }

    static Mapped of(long address, int sizeLg2, int rights, boolean coherent, boolean notKept) {
      return new Mapped(
          address,
          (rights & Rights.READ) != 0,
          (rights & Rights.WRITE) != 0,
          sizeLg2,
          coherent,
          notKept);
    }

    /** System physical address of the page's first byte. */
    public long page() {
      return Log2.alignDown(address, pageSizeLg2);
    }
  }

  /** A write was an interrupt message and was delivered; no memory is touched. */
  record InterruptMessage() implements Translation {}

  /**
   * The request was aborted; no memory is touched.
   *
   * @param event what happened; logged unless the device's entry suppresses it or the log is full
   *     or off
   */
  record Faulted(EventEntry event) implements Translation {}

  /** A translation request was answered without permission, and nothing was logged. */
  record Refused() implements Translation {}
}
