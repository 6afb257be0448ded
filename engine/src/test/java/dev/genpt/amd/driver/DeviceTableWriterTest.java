package dev.genpt.amd.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.fixture.Threads;
import dev.genpt.memory.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hardware never sees a device table entry that is part old, part new. */
final class DeviceTableWriterTest {
  private static final int UPDATES = Integer.getInteger("genpt.stress.operations", 1_000_000);
  private static final long PA = 1L << 32;
  private static final long INTERRUPTS = 0xff00_0000_0000_0013L;

  private static final DeviceTableEntry INVALID = new DeviceTableEntry(0, 0x77, 0, 0x7);
  private static final DeviceTableEntry BLOCKED = DeviceTableEntry.blocked();
  private static final DeviceTableEntry V1 = DeviceTableEntry.host(0x1000, 4, 0x42);
  private static final DeviceTableEntry V2 = guest(0x2000, 4);
  private static final DeviceTableEntry V2_OTHER = guest(0x8000_3000L, 4);
  private static final DeviceTableEntry V2_FIVE = guest(0x4000, 5);

  private final PhysicalMemory memory = PhysicalMemory.ofMebibytes(2);

  private static DeviceTableEntry guest(long gcr3, int levels) {
    return DeviceTableEntry.identity(0x43)
        .withGcr3(new Gcr3Root(gcr3, 1, levels))
        .withPasidZeroForAll();
  }

  private static DeviceTableEntry named(String name) {
    return switch (name) {
      case "invalid" -> INVALID;
      case "blocked" -> BLOCKED;
      case "v1" -> V1;
      case "v2" -> V2;
      case "v2-other" -> V2_OTHER;
      case "v2-five" -> V2_FIVE;
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** Writes down its stores. */
  private final class Recording extends DeviceTableWriter {
    final List<String> steps = new ArrayList<>();

    Recording() {
      super(memory);
    }

    @Override
    void storeLow(long pa, DeviceTableEntry entry) {
      steps.add(entry.isValid() ? "low" : "low invalid");
      super.storeLow(pa, entry);
    }

    @Override
    void storeHigh(long pa, DeviceTableEntry entry) {
      steps.add("high");
      super.storeHigh(pa, entry);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "invalid, v1, high; low; forget",
    "invalid, v2, high; low; forget",
    "invalid, invalid, high; low invalid; forget",
    "blocked, v1, high; low; forget",
    "v1, v1, high; low; forget",
    "v1, v2-five, high; low; forget",
    "v1, invalid, low invalid; high; forget",
    "v2, invalid, low invalid; high; forget",
    "v2, blocked, low; high; forget",
    "v2-five, v1, low; high; forget",
    "v2, v2-five, low invalid; forget; high; low; forget",
    "v2-five, v2, low invalid; forget; high; low; forget",
    "v2, v2-other, low",
  })
  void theHalvesHaveTheirOrder(String old, String wanted, String steps) {
    DeviceTableEntry before = named(old);
    Recording writer = new Recording();
    memory.store128(PA, before.q0(), before.q1());
    memory.store128(PA + 16, before.q2() | INTERRUPTS, before.q3());
    writer.update(PA, named(wanted), () -> writer.steps.add("forget"));
    assertEquals(steps, String.join("; ", writer.steps));
    DeviceTableEntry after = writer.read(PA);
    assertEquals(named(wanted).or(new DeviceTableEntry(0, 0, INTERRUPTS, 0)), after);
  }

  /** True if hardware would act on what is neither entry. */
  private static boolean isTorn(DeviceTableEntry seen, DeviceTableEntry old, DeviceTableEntry now) {
    return seen.isValid() && seen.hasGuestTables() && !seen.equals(old) && !seen.equals(now);
  }

  private static List<DeviceTableEntry> randomEntries(Random random) {
    List<DeviceTableEntry> entries = new ArrayList<>(List.of(BLOCKED, INVALID, V1));
    for (int i = 0; i < 20; i++) {
      long root = (long) random.nextInt(1 << 20) << 12;
      int id = random.nextInt(1, 1 << 16);
      entries.add(
          DeviceTableEntry.host(root, random.nextInt(1, 7), id).withAts(random.nextBoolean()));
      entries.add(
          DeviceTableEntry.identity(id)
              .withGcr3(new Gcr3Root(root, random.nextInt(1, 4), random.nextInt(4, 6)))
              .withAts(random.nextBoolean()));
    }
    return entries;
  }

  /** Looks at the entry after each half, as hardware that reads just then. */
  private class Paused extends DeviceTableWriter {
    DeviceTableEntry old = INVALID;
    DeviceTableEntry now = INVALID;
    long torn;

    Paused() {
      super(memory);
    }

    void look() {
      if (isTorn(read(PA), old, now)) {
        torn++;
      }
    }

    @Override
    void storeLow(long pa, DeviceTableEntry entry) {
      super.storeLow(pa, entry);
      look();
    }

    @Override
    void storeHigh(long pa, DeviceTableEntry entry) {
      super.storeHigh(pa, entry);
      look();
    }
  }

  /** Stores the other half first, each time. */
  private final class Swapped extends Paused {
    private final List<Runnable> kept = new ArrayList<>();

    @Override
    void storeLow(long pa, DeviceTableEntry entry) {
      swap(() -> super.storeLow(pa, entry));
    }

    @Override
    void storeHigh(long pa, DeviceTableEntry entry) {
      swap(() -> super.storeHigh(pa, entry));
    }

    private void swap(Runnable store) {
      kept.addFirst(store);
      if (kept.size() == 2) {
        kept.forEach(Runnable::run);
        kept.clear();
      }
    }
  }

  private long tornIn(Paused writer, long seed, int updates) {
    Random random = new Random(seed);
    List<DeviceTableEntry> entries = randomEntries(random);
    for (int i = 0; i < updates; i++) {
      writer.old = writer.read(PA);
      writer.now = entries.get(random.nextInt(entries.size())).keepingInterruptsOf(writer.old);
      writer.update(PA, writer.now, () -> {});
    }
    return writer.torn;
  }

  @Test
  void noHalfShowsATornEntry() {
    long seed = System.nanoTime();
    assertEquals(0, tornIn(new Paused(), seed, UPDATES), () -> "seed " + seed);
  }

  @Test
  void theTestSeesSwappedHalves() {
    long seed = System.nanoTime();
    assertTrue(tornIn(new Swapped(), seed, 1000) > 0, () -> "seed " + seed);
  }

  /** An update under way. */
  private static final class Step {
    final DeviceTableEntry old;
    final DeviceTableEntry now;

    Step(DeviceTableEntry old, DeviceTableEntry now) {
      this.old = old;
      this.now = now;
    }
  }

  /** The update that is under way, or was last. */
  private static final class Current {
    volatile Step step = new Step(INVALID, INVALID);
  }

  /** One thread updates, another reads as hardware does. */
  @Test
  void aReaderBesideSeesNoTornEntry() {
    long seed = System.nanoTime();
    Current current = new Current();
    AtomicLong finished = new AtomicLong();
    AtomicLong torn = new AtomicLong();
    DeviceTableWriter writer = new DeviceTableWriter(memory);
    Threads.runTogether(
        2,
        number -> {
          if (number == 0) {
            Random random = new Random(seed);
            List<DeviceTableEntry> entries = randomEntries(random);
            for (int i = 0; i < UPDATES; i++) {
              DeviceTableEntry old = writer.read(PA);
              DeviceTableEntry now =
                  entries.get(random.nextInt(entries.size())).keepingInterruptsOf(old);
              current.step = new Step(old, now);
              writer.update(PA, now, () -> {});
              finished.incrementAndGet();
            }
          } else {
            while (finished.get() < UPDATES) {
              for (int spins = 0; spins < 100; spins++) {
                Thread.onSpinWait(); // or the two would only wait for each other
              }
              Step first = current.step;
              DeviceTableEntry seen = writer.read(PA);
              if (current.step == first && isTorn(seen, first.old, first.now)) {
                torn.incrementAndGet();
              }
            }
          }
        });
    assertEquals(0, torn.get(), () -> "seed " + seed);
  }
}
