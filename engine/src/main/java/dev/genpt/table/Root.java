package dev.genpt.table;

import dev.genpt.memory.Bank;
import dev.genpt.memory.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/**
 * A root and its level: one object, so that both are read and replaced together (upstream: the
 * {@code top_of_table} word).
 *
 * <p>Threads: immutable.
 */
public final class Root {
  private final long address;
  private final TableLevel top;
  private final PhysicalMemory memory;

  /** Where the root lies, found once for all walks; null if that is not RAM. */
  private final @Nullable Bank bank;

  Root(PhysicalMemory memory, long address, TableLevel top) {
    this.memory = memory;
    this.address = address;
    this.top = top;
    bank = memory.isRam(address, 1) ? memory.bankAt(address) : null;
  }

  /** Physical address of the root. */
  public long address() {
    return address;
  }

  /** Its level. */
  public int level() {
    return top.level();
  }

  /** Its level, with measures. */
  public TableLevel top() {
    return top;
  }

  /**
   * The bank of the root.
   *
   * @throws dev.genpt.error.IommuException EIO if the root lies outside RAM
   */
  public Bank bank() {
    return bank != null ? bank : memory.bankAt(address);
  }
}
