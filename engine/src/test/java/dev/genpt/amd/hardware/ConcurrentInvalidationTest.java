package dev.genpt.amd.hardware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;

/**
 * Devices on threads of their own while pages are mapped, unmapped and invalidated: a request that
 * begins after the invalidation of an unmap finished never reaches the page, though everything is
 * kept that may be kept.
 */
final class ConcurrentInvalidationTest {
  private static final long ROUNDS = Long.getLong("genpt.hardware.rounds", 50_000);
  private static final long SEED = Long.getLong("genpt.property.seed", 1);
  private static final int PAGES = 64;
  private static final long TARGET = 0x1234_0000_0000L;
  private static final int DEVICES = 2;

  private final Board board = new Board();
  private final HandTable table = HandTable.host(board, 3);

  /** By page: even while it is not mapped, odd while it is or may be; grows with every change. */
  private final AtomicLongArray stamps = new AtomicLongArray(PAGES);

  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean done = new AtomicBoolean();

  @Test
  void nothingIsStaleOnceAnInvalidationIsThrough() throws InterruptedException {
    System.out.printf("seed %d, %d rounds%n", SEED, ROUNDS);
    board.attach(table);
    List<Thread> devices = new ArrayList<>();
    for (int i = 0; i < DEVICES; i++) {
      SplittableRandom random = new SplittableRandom(SEED + i);
      devices.add(Thread.ofPlatform().start(() -> request(random)));
    }
    SplittableRandom random = new SplittableRandom(SEED - 1);
    for (long round = 0; round < ROUNDS; round++) {
      change(random.nextInt(PAGES));
    }
    done.set(true);
    for (Thread device : devices) {
      device.join();
    }
    assertEquals(List.of(), List.copyOf(wrong));
    Counts counts = board.iommu.counts();
    assertTrue(counts.translationHits() > 0 && counts.faults() > 0, counts.toString());
  }

  /** Where a page is, while it has the stamp. */
  private static long target(int page, long stamp) {
    return TARGET + (stamp * PAGES + page) * 0x1000;
  }

  /** Maps a page that is not mapped, unmaps one that is. */
  private void change(int page) {
    long stamp = stamps.get(page);
    if ((stamp & 1) == 0) {
      stamps.set(page, stamp + 1);
      table.put(page * 0x1000L, 1, 1 | Board.IR | Board.IW | target(page, stamp + 1));
    } else {
      table.put(page * 0x1000L, 1, 0);
      board.invalidate(page * 0x1000L, false, false);
      stamps.set(page, stamp + 1);
    }
  }

  private void request(SplittableRandom random) {
    while (!done.get()) {
      int page = random.nextInt(PAGES);
      long before = stamps.get(page);
      Translation found = board.read(page * 0x1000L);
      long after = stamps.get(page);
      boolean right =
          switch (found) {
            case Translation.Mapped mapped -> wasAt(mapped.address(), page, before, after);
            case Translation.Faulted _ -> true;
            default -> false;
          };
      if (!right && wrong.size() < 10) {
        wrong.add("page %d, stamps %d to %d: %s".formatted(page, before, after, found));
      }
    }
  }

  /** True for where the page was under one of the stamps from {@code before} to {@code after}. */
  private static boolean wasAt(long address, int page, long before, long after) {
    for (long stamp = before; stamp <= after; stamp++) {
      if ((stamp & 1) == 1 && address == target(page, stamp)) {
        return true;
      }
    }
    return false;
  }
}
