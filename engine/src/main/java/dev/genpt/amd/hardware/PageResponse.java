package dev.genpt.amd.hardware;

/**
 * The answer to a page request.
 *
 * @param pasid the address space, or {@link Request#NO_PASID}
 * @param group which group of requests is answered, 0..0x1ff
 * @param code 0 success, 1 invalid, 15 failure; hardware passes on any 4 bits
 */
public record PageResponse(int pasid, int group, int code) {
  /** The code of failure. */
  public static final int FAILURE = 15;

  private static final int GROUP = 0x1ff;
  private static final int CODE_SHIFT = 12;

  /** The response of a completion word: 15:12 code, 8:0 group. */
  static PageResponse of(int pasid, int completion) {
    return new PageResponse(pasid, completion & GROUP, completion >>> CODE_SHIFT);
  }
}
