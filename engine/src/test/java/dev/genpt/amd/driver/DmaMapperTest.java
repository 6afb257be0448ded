package dev.genpt.amd.driver;

import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import dev.genpt.fixture.Threads;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.iommu.Translation;
import dev.genpt.table.Protection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The DMA interface over a v1 domain. */
final class DmaMapperTest {
  private final RecordedMachine machine = new RecordedMachine();
  private final V1Domain domain = machine.driver.newV1Domain();
  private final AtomicLong now = new AtomicLong();
  private final DriverClock clock =
      new DriverClock() {
        @Override
        public long microseconds() {
          return now.get();
        }

        @Override
        public void pause() {
          now.incrementAndGet();
        }
      };

  private DmaConfig config() {
    machine.nic().attach(domain);
    machine.take();
    return DmaConfig.of(domain).clock(clock);
  }

  private long pa(long dma) {
    return domain.space().iovaToPhys(dma);
  }

  private int protection(long dma) {
    return ((Translation.Mapped) domain.space().translate(dma)).protection();
  }

  @Test
  void aBufferIsMappedByWholePages() {
    DmaMapper dma = DmaMapper.create(config());
    long address = dma.map(0x12345678L, 0x1000, DmaDirection.TO_DEVICE);
    assertEquals(0xffffe678L, address);
    assertEquals(0x12345678L, pa(address));
    assertEquals(0x12346fffL, pa(0xffffffffL));
    assertEquals(Protection.READ, protection(address));
    assertEquals(Protection.WRITE, protection(dma.map(0x5000, 0x1000, DmaDirection.FROM_DEVICE)));
    assertEquals(Protection.READ_WRITE, protection(dma.map(0x6000, 1, DmaDirection.BIDIRECTIONAL)));
    machine.take();
    dma.unmap(address, 0x1000);
    assertEquals(IommuDomain.NO_TRANSLATION, pa(address));
    assertEquals(List.of("00000000 30000002 ffffe003 00000000", "wait"), machine.take());
    assertEquals(0xffffe000L, dma.map(0x7000, 0x2000, DmaDirection.TO_DEVICE), "used again");
  }

  @Test
  void whatIsNotMappedIsRefused() {
    DmaMapper dma = DmaMapper.create(config());
    assertRefused(Errno.EINVAL, () -> dma.map(0x1000, 0, DmaDirection.TO_DEVICE));
    assertRefused(Errno.EINVAL, () -> dma.unmap(0x1000, 0x1000));
    assertRefused(Errno.ERANGE, () -> dma.map(1L << 52, 0x1000, DmaDirection.TO_DEVICE));
    assertEquals(0xfffff000L, dma.map(0x1000, 0x1000, DmaDirection.TO_DEVICE), "none was lost");
  }

  @Test
  void reservedAddressesAreNotUsed() {
    DmaMapper dma = DmaMapper.create(config().direct(new DmaSegment(0xffff_0000L, 0x1_0000)));
    assertEquals(0xffff_8000L, pa(0xffff_8000L));
    assertEquals(0xfffe_f000L, dma.map(0x1000, 0x1000, DmaDirection.TO_DEVICE));
    for (int i = 0; i < 40; i++) {
      long address = dma.map(0x0, 1 << 20, DmaDirection.TO_DEVICE);
      assertTrue(address + (1 << 20) <= 0xfee00000L || address >= 0xfef00000L);
      assertTrue(address < 0xffff0000L);
    }
    DmaMapper narrow =
        DmaMapper.create(DmaConfig.of(machine.driver.newV1Domain()).dmaMask(0xff_ffffL));
    assertEquals(0xff_f000L, narrow.map(0x1000, 0x1000, DmaDirection.TO_DEVICE));
  }

  @Test
  void aScatterListIsOneBlock() {
    DmaMapper dma = DmaMapper.create(config().segments(0xffff, 0x5000));
    List<DmaSegment> memory =
        List.of(
            new DmaSegment(0x10800, 0x800), // to the end of its page
            new DmaSegment(0x20000, 0x3000), // joined
            new DmaSegment(0x30000, 0x2000), // would be too long
            new DmaSegment(0x40010, 0x20), // does not touch
            new DmaSegment(0x50000, 0xa000)); // would cross a boundary
    ScatterMapping mapping = dma.mapScatter(memory, DmaDirection.TO_DEVICE);
    long iova = mapping.iova();
    assertEquals(
        List.of(
            new DmaSegment(iova + 0x800, 0x3800),
            new DmaSegment(iova + 0x4000, 0x2000),
            new DmaSegment(iova + 0x6010, 0x20),
            new DmaSegment(iova + 0x10000, 0xa000)),
        mapping.segments());
    assertEquals(0x1a000, mapping.length());
    assertEquals(0x22fffL, pa(iova + 0x3fff));
    assertEquals(0x40010L, pa(iova + 0x6010));
    assertEquals(IommuDomain.NO_TRANSLATION, pa(iova + 0x7000));
    assertEquals(0x59fffL, pa(iova + 0x19fff));
    dma.unmapScatter(mapping);
    for (long at = iova; at < iova + 0x1a000; at += 0x1000) {
      assertEquals(IommuDomain.NO_TRANSLATION, pa(at));
    }
    assertRefused(Errno.EINVAL, () -> dma.mapScatter(List.of(), DmaDirection.TO_DEVICE));
  }

  @Test
  void aScatterListThatFailsLeavesNothing() {
    DmaMapper dma = DmaMapper.create(config());
    List<DmaSegment> memory =
        List.of(new DmaSegment(0x1000, 0x1000), new DmaSegment(1L << 52, 0x1000));
    assertRefused(Errno.ERANGE, () -> dma.mapScatter(memory, DmaDirection.TO_DEVICE));
    assertEquals(IommuDomain.NO_TRANSLATION, pa(0xffffe000L));
    assertRefused(Errno.ERANGE, () -> dma.mapScatter(memory.reversed(), DmaDirection.TO_DEVICE));
    assertEquals(0xffffe000L, dma.map(0, 0x2000, DmaDirection.TO_DEVICE));
  }

  @Test
  void coherentMemoryIsForBoth() {
    DmaMapper dma = DmaMapper.create(config());
    CoherentBuffer buffer = dma.allocateCoherent(0x1800);
    assertEquals(buffer.pa() + 0x1234, pa(buffer.dmaAddress() + 0x1234));
    assertEquals(Protection.READ_WRITE, protection(buffer.dmaAddress()));
    int live = machine.pages.liveBlocks();
    dma.freeCoherent(buffer);
    assertEquals(live - 1, machine.pages.liveBlocks());
    assertEquals(IommuDomain.NO_TRANSLATION, pa(buffer.dmaAddress()));
    assertRefused(Errno.EINVAL, () -> dma.allocateCoherent(1 << 22));
  }

  @Test
  void lazilyUnmappedAddressesWaitForTheFlush() {
    DmaMapper dma = DmaMapper.create(config().lazy());
    long first = dma.map(0x1000, 0x1000, DmaDirection.TO_DEVICE);
    dma.unmap(first, 0x1000);
    assertEquals(List.of(), machine.take());
    assertNotEquals(first, dma.map(0x1000, 0x1000, DmaDirection.TO_DEVICE));
    now.addAndGet(9_999);
    dma.runTimers();
    assertEquals(List.of(), machine.take());
    now.addAndGet(1);
    dma.runTimers();
    assertEquals(List.of("00000000 30000002 fffff003 7fffffff", "wait"), machine.take());
    assertEquals(first, dma.map(0x1000, 0x1000, DmaDirection.TO_DEVICE));
    now.addAndGet(100_000);
    dma.runTimers();
    assertEquals(List.of(), machine.take(), "nothing waits");
  }

  @Test
  void aFullQueueIsFlushedAtOnce() {
    DmaMapper dma = DmaMapper.create(config().lazy());
    long[] addresses = new long[256];
    for (int i = 0; i < 256; i++) {
      addresses[i] = dma.map(0x1000, 0x1000, DmaDirection.TO_DEVICE);
    }
    for (int i = 0; i < 255; i++) {
      dma.unmap(addresses[i], 0x1000);
    }
    assertEquals(List.of(), machine.take());
    dma.unmap(addresses[255], 0x1000);
    assertEquals(List.of("00000000 30000002 fffff003 7fffffff", "wait"), machine.take());
    assertTrue(
        Stream.generate(() -> dma.map(0x1000, 0x1000, DmaDirection.TO_DEVICE))
            .limit(255)
            .noneMatch(address -> address == addresses[255]));
  }

  @Test
  void tablesThatAreFreedLazilyWaitToo() {
    DmaMapper dma = DmaMapper.create(config().lazy());
    long address = dma.map(0, 0x1000, DmaDirection.TO_DEVICE);
    long large = dma.map(0x4000_0000L, 0x4000_0000L, DmaDirection.TO_DEVICE);
    dma.unmap(large, 0x4000_0000L);
    dma.unmap(address, 0x1000);
    int held = domain.space().owner().liveBlocks();
    dma.flush();
    assertTrue(domain.space().owner().liveBlocks() <= held);
    machine.nic().detach();
    domain.close();
  }

  @Test
  void npCacheForcesStrictMode() {
    RecordedMachine shadowed =
        new RecordedMachine(RecordedIommu.NP_CACHE, config -> config, AmdIommuDriver.Seams.NONE);
    V1Domain space = shadowed.driver.newV1Domain();
    assertEquals(false, DmaMapper.create(DmaConfig.of(space).lazy()).isLazy());
    assertEquals(true, DmaMapper.create(DmaConfig.of(domain).lazy()).isLazy());
  }

  /** Many threads map and unmap their own buffers, strict and lazy, while the domain grows. */
  @Test
  void manyThreads() {
    long seed = System.nanoTime();
    for (boolean lazy : new boolean[] {false, true}) {
      V1Domain shared = machine.driver.newV1Domain();
      machine.nic().attach(shared);
      machine.disk().attach(shared);
      ThreadLocal<Integer> cpu = ThreadLocal.withInitial(() -> 0);
      DmaConfig config = DmaConfig.of(shared).cpus(4, cpu::get).clock(clock);
      DmaMapper dma = DmaMapper.create(lazy ? config.lazy() : config);
      Threads.runTogether(
          4,
          number -> {
            cpu.set(number);
            Random random = new Random(seed + number);
            long[] addresses = new long[16];
            long[] sizes = new long[16];
            for (int i = 0; i < 2000; i++) {
              int slot = random.nextInt(16);
              if (addresses[slot] != 0) {
                assertEquals(
                    0x1_0000_0000L * number + slot,
                    shared.space().iovaToPhys(addresses[slot]),
                    () -> "seed " + seed);
                dma.unmap(addresses[slot], sizes[slot]);
              }
              sizes[slot] = random.nextInt(1, 1 << random.nextInt(1, 22));
              addresses[slot] =
                  dma.map(0x1_0000_0000L * number + slot, sizes[slot], DmaDirection.BIDIRECTIONAL);
              if (i % 500 == number) {
                shared.space().map((long) number << 45, 0, 0x1000, Protection.READ);
                shared.space().unmap((long) number << 45, 0x1000);
              }
            }
            for (int slot = 0; slot < 16; slot++) {
              if (addresses[slot] != 0) {
                dma.unmap(addresses[slot], sizes[slot]);
              }
            }
          });
      dma.flush();
      machine.nic().detach();
      machine.disk().detach();
      shared.close();
    }
  }
}
