package dev.genpt.amd.hardware;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.genpt.memory.PhysicalMemory;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random registers, device table entries, commands and table words, and requests of all kinds:
 * nothing is thrown, every walk ends, and what is not an answer is an event with a code of its own.
 */
final class FuzzTest {
  private static final long STEPS = Long.getLong("genpt.fuzz.steps", 60_000);
  private static final long SEED = Long.getLong("genpt.fuzz.seed", 1);

  /** Three GCR3 levels, five guest levels and marks for each, six host reads for each of them. */
  private static final long MOST_READS_OF_A_REQUEST = 200;

  private static final long BASE = 1L << 32;
  private static final int PAGES = 64;
  private static final int DEVICE_TABLES = 4;
  private static final int RINGS = 4;
  private static final int FIRST_WORDS = 50_000;
  private static final int[] OFFSETS = {
    0x0, 0x8, 0x10, 0x18, 0x20, 0x28, 0x30, 0x38, 0x50, 0x100, 0x108, 0x110, 0x118, 0x2000, 0x2008,
    0x2010, 0x2018, 0x2020, 0x2030, 0x2038
  };

  private static final List<Access> ACCESSES = List.of(Access.values());
  private static final List<Request.Kind> KINDS = List.of(Request.Kind.values());

  private final PhysicalMemory memory = PhysicalMemory.ofMebibytes(2);
  private SplittableRandom random = new SplittableRandom(SEED);

  static Stream<Arguments> machines() {
    return Stream.of(
        arguments(IommuFeatures.DEFAULT, CacheConfig.ADVERSARIAL),
        arguments(IommuFeatures.DEFAULT, CacheConfig.NONE),
        arguments(IommuFeatures.DEFAULT.withNpCache(true), CacheConfig.TYPICAL),
        arguments(new IommuFeatures(0, 0, true, false), CacheConfig.ADVERSARIAL),
        arguments(new IommuFeatures(-1L, -1L, true, true), CacheConfig.TYPICAL));
  }

  @ParameterizedTest
  @MethodSource("machines")
  void everythingEndsInAnAnswer(IommuFeatures features, CacheConfig caches) {
    random = new SplittableRandom(SEED);
    AmdIommu iommu = new AmdIommu(memory, features, caches);
    for (int i = 0; i < FIRST_WORDS; i++) {
      disturbMemory();
    }
    String what = "-Dgenpt.fuzz.seed=" + SEED + ", step ";
    for (long step = 0; step < STEPS; step++) {
      if (step % 100 == 0) {
        usable(iommu);
      }
      disturb(iommu);
      Counts before = iommu.counts();
      Translation translation = iommu.translate(request());
      Counts counted = iommu.counts().since(before);
      assertTrue(counted.tableReads() <= MOST_READS_OF_A_REQUEST, what + step + ": " + counted);
      if (translation instanceof Translation.Faulted faulted) {
        assertTrue(isRequestEvent(faulted.event()), what + step + ": " + faulted);
      }
    }
    Counts counts = iommu.counts();
    System.out.println("fuzz, seed " + SEED + ": " + counts);
    assertTrue(counts.faults() > 0 && counts.commands() > 0);
    assertTrue(features.efr() <= 0 || counts.walks() > STEPS / 10, "requests come far");
  }

  private static boolean isRequestEvent(EventEntry event) {
    return switch (event.code()) {
      case EventEntry.ILLEGAL_DEV_TABLE_ENTRY,
          EventEntry.IO_PAGE_FAULT,
          EventEntry.DEV_TAB_HARDWARE_ERROR,
          EventEntry.PAGE_TAB_HARDWARE_ERROR,
          EventEntry.INVALID_DEVICE_REQUEST ->
          true;
      default -> false;
    };
  }

  private void disturb(AmdIommu iommu) {
    switch (random.nextInt(16)) {
      case 0 -> {
        int offset = random.nextInt(20) == 0 ? random.nextInt() : pick(OFFSETS);
        if (random.nextBoolean()) {
          iommu.write64(offset, registerValue());
        } else {
          iommu.write32(offset + 4 * random.nextInt(2), (int) registerValue());
        }
        iommu.read64(offset);
        iommu.read32(offset);
      }
      case 1 -> usable(iommu);
      case 2 -> iommu.runCommands();
      case 3 -> iommu.requestPage(new PageRequest(request(), random.nextInt(), true));
      default -> disturbMemory();
    }
  }

  /** The first pages are device tables, the next ones rings, the others page tables. */
  private void disturbMemory() {
    int page = random.nextInt(PAGES);
    long pa = BASE + page * 0x1000L;
    if (page < DEVICE_TABLES) {
      long entry = pa + random.nextInt(128) * 32L;
      memory.store128(entry + 16, bits(), 0);
      memory.store128(entry, deviceWord(), bits());
    } else if (page < DEVICE_TABLES + RINGS) {
      long place = pa + random.nextInt(256) * 16L;
      memory.write64(place, (long) random.nextInt(9) << 60 | few() >>> 4);
      memory.write64(place + 8, few());
    } else {
      memory.write64(pa + random.nextInt(512) * 8L, tableWord());
    }
  }

  /** None or one bit. */
  private long few() {
    return random.nextBoolean() ? 0 : 1L << random.nextInt(64);
  }

  /** Registers with which requests come far. */
  private void usable(AmdIommu iommu) {
    iommu.write64(0x18, 0);
    iommu.write64(0x0, BASE + random.nextInt(DEVICE_TABLES) * 0x1000L);
    iommu.write64(0x8, BASE + (DEVICE_TABLES + random.nextInt(RINGS)) * 0x1000L | 8L << 56);
    iommu.write64(0x10, page() | 8L << 56);
    iommu.write64(0x38, page() | 8L << 56);
    iommu.write64(0x20, 0);
    iommu.write64(0x18, 0x1f0ffL | (random.nextBoolean() ? Control.GCR3_IS_GUEST_ADDRESS : 0));
    iommu.write64(0x2008, random.nextInt(256) * 16L);
    iommu.write64(0x2020, -1L);
    iommu.runCommands();
  }

  private Request request() {
    Access access = ACCESSES.get(random.nextInt(3));
    Request.Kind kind = random.nextInt(4) == 0 ? KINDS.get(random.nextInt(3)) : Request.Kind.NORMAL;
    long address =
        switch (random.nextInt(4)) {
          case 0 -> random.nextLong() >>> random.nextInt(64);
          case 1 -> 0xfee0_0000L + random.nextInt(1 << 20);
          default -> random.nextInt(1 << 14);
        };
    int pasid = random.nextInt(3) == 0 ? random.nextInt(8) : Request.NO_PASID;
    return new Request(random.nextInt(128), pasid, address, access, random.nextBoolean(), kind);
  }

  private long page() {
    return BASE + (DEVICE_TABLES + RINGS + random.nextInt(PAGES - DEVICE_TABLES - RINGS)) * 0x1000L;
  }

  private int pick(int[] of) {
    return of[random.nextInt(of.length)];
  }

  /** Few bits, many bits, all bits. */
  private long bits() {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> 1L << random.nextInt(64);
      case 2 -> random.nextLong() & (random.nextLong() << 1);
      default -> random.nextLong();
    };
  }

  private long registerValue() {
    return random.nextBoolean() ? bits() : page() | (long) random.nextInt(16) << 56;
  }

  private long deviceWord() {
    long likely = Board.TRANSLATES | page() | (long) random.nextInt(8) << 9;
    long guest = random.nextBoolean() ? Board.GV | Board.GIOV | (long) random.nextInt(8) << 58 : 0;
    return switch (random.nextInt(4)) {
      case 0 -> bits();
      case 1 -> likely ^ bits();
      default -> likely | guest | (long) random.nextInt(4) << 7;
    };
  }

  private long tableWord() {
    long target = random.nextInt(16) == 0 ? random.nextLong() & 0x000f_ffff_ffff_f000L : page();
    long host = 1 | Board.IR | Board.IW | target | (long) random.nextInt(8) << 9;
    long guest = target | random.nextInt(256) | 7;
    long word = random.nextBoolean() ? host : guest;
    return random.nextInt(4) == 0 ? word ^ bits() : word;
  }
}
