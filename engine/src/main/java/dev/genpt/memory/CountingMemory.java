package dev.genpt.memory;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Physical memory that counts how it is used: what an algorithm costs, told without a clock.
 *
 * <p>Loops over a run of words take the storage itself by {@link #bank}; each such loop counts as
 * one run, whatever its length.
 *
 * <p>Threads: as {@link PhysicalMemory}; the counts are exact when no access is under way.
 */
public final class CountingMemory extends PhysicalMemory {
  /**
   * What was counted.
   *
   * @param reads 64-bit words read one by one
   * @param stores 64-bit words stored one by one
   * @param swaps compare-and-swaps, and other atomic changes of a word
   * @param runs loops over a run of words
   */
  public record Counts(long reads, long stores, long swaps, long runs) {
    /** What was counted since {@code before}. */
    public Counts since(Counts before) {
      return new Counts(
          reads - before.reads, stores - before.stores, swaps - before.swaps, runs - before.runs);
    }
  }

  private final LongAdder reads = new LongAdder();
  private final LongAdder stores = new LongAdder();
  private final LongAdder swaps = new LongAdder();
  private final LongAdder runs = new LongAdder();

  /**
   * Memory with the given RAM regions.
   *
   * @throws dev.genpt.error.IommuException EINVAL if there is none or two overlap
   */
  public CountingMemory(List<Region> ramRegions) {
    super(ramRegions);
  }

  /** One region of {@code mebibytes} MiB at 4 GiB. */
  public static CountingMemory ofMebibytes(int mebibytes) {
    return new CountingMemory(PhysicalMemory.ofMebibytes(mebibytes).regions());
  }

  /** What was counted so far. */
  public Counts counts() {
    return new Counts(reads.sum(), stores.sum(), swaps.sum(), runs.sum());
  }

  /** What {@code operation} costs. */
  public Counts countsOf(Runnable operation) {
    Counts before = counts();
    operation.run();
    return counts().since(before);
  }

  @Override
  public long[] bank(long pa) {
    runs.increment();
    return super.bank(pa);
  }

  @Override
  public long read64(long pa) {
    reads.increment();
    return super.read64(pa);
  }

  @Override
  public long read64Acquire(long pa) {
    reads.increment();
    return super.read64Acquire(pa);
  }

  @Override
  public long read64Acquire(long[] words, int index) {
    reads.increment();
    return super.read64Acquire(words, index);
  }

  @Override
  public long[] load256(long pa) {
    reads.add(4);
    return super.load256(pa);
  }

  @Override
  public void store128(long pa, long low, long high) {
    stores.add(2);
    super.store128(pa, low, high);
  }

  @Override
  public void write64(long pa, long value) {
    stores.increment();
    super.write64(pa, value);
  }

  @Override
  public void write64(long[] words, long pa, long value) {
    stores.increment();
    super.write64(words, pa, value);
  }

  @Override
  public void write64Release(long pa, long value) {
    stores.increment();
    super.write64Release(pa, value);
  }

  @Override
  public boolean compareAndSet64(long pa, long expected, long value) {
    swaps.increment();
    return super.compareAndSet64(pa, expected, value);
  }

  @Override
  public long getAndAnd64(long pa, long mask) {
    swaps.increment();
    return super.getAndAnd64(pa, mask);
  }

  @Override
  public long getAndOr64(long pa, long mask) {
    swaps.increment();
    return super.getAndOr64(pa, mask);
  }
}
