package dev.genpt.error;

/** The POSIX error numbers that the engine answers with, by their Linux names and values. */
public enum Errno {
  /** No entry at that address. */
  ENOENT(2),
  /** Table memory does not hold what it must: a pointer to nowhere, or to another's page. */
  EIO(5),
  /** No page size can store this address, alignment or length. */
  ENXIO(6),
  /** The entry changed while it was updated; look again. */
  EAGAIN(11),
  /** The page allocator has no memory left. */
  ENOMEM(12),
  /** The addresses lie outside what can be reached (old engines). */
  EFAULT(14),
  /** The object is in use. */
  EBUSY(16),
  /** Something is mapped there already (old engines). */
  EEXIST(17),
  /** The device or operation is missing. */
  ENODEV(19),
  /** The request makes no sense by itself. */
  EINVAL(22),
  /** There is no more room for it: no address, no identifier left. */
  ENOSPC(28),
  /** An address lies outside what the table can hold. */
  ERANGE(34),
  /** A sum of address and length does not fit the address type. */
  EOVERFLOW(75),
  /** The format or hardware can't do this. */
  EOPNOTSUPP(95),
  /** A mapping is in the way. */
  EADDRINUSE(98);

  private final int number;

  Errno(int number) {
    this.number = number;
  }

  /** The positive errno value of Linux. */
  public int number() {
    return number;
  }
}
