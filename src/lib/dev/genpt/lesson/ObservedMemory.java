package dev.genpt.lesson;

import dev.genpt.memory.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * Physical memory that notes which of its words are read and written, in order.
 *
 * <p>It is a single bank, so that a word's place in the bank tells its address. For one thread.
 */
final class ObservedMemory extends PhysicalMemory {
  private static final long BASE = 1L << 32;

  /** What is done to memory. */
  enum Kind {
    READ,
    WRITE,

    /** A loop over several words from an address on, to read or to write them. */
    RUN
  }

  /**
   * One access.
   *
   * @param pa physical address
   */
  record Access(Kind kind, long pa) {}

  private final List<Access> accesses = new ArrayList<>();

  ObservedMemory() {
    super(List.of(new Region(BASE, BANK_BYTES)));
  }

  /** What {@code operation} does. */
  List<Access> accessesOf(Runnable operation) {
    accesses.clear();
    operation.run();
    return List.copyOf(accesses);
  }

  private void note(Kind kind, long pa) {
    accesses.add(new Access(kind, pa));
  }

  @Override
  public long[] bank(long pa) {
    note(Kind.RUN, pa);
    return super.bank(pa);
  }

  @Override
  public long read64(long pa) {
    note(Kind.READ, pa);
    return super.read64(pa);
  }

  @Override
  public long read64Acquire(long pa) {
    note(Kind.READ, pa);
    return super.read64Acquire(pa);
  }

  @Override
  public long read64Acquire(long[] words, int index) {
    note(Kind.READ, BASE + (long) index * Long.BYTES);
    return super.read64Acquire(words, index);
  }

  @Override
  public void write64(long pa, long value) {
    note(Kind.WRITE, pa);
    super.write64(pa, value);
  }

  @Override
  public void write64(long[] words, long pa, long value) {
    note(Kind.WRITE, pa);
    super.write64(words, pa, value);
  }

  @Override
  public void write64Release(long pa, long value) {
    note(Kind.WRITE, pa);
    super.write64Release(pa, value);
  }

  @Override
  public boolean compareAndSet64(long pa, long expected, long value) {
    note(Kind.WRITE, pa);
    return super.compareAndSet64(pa, expected, value);
  }
}
