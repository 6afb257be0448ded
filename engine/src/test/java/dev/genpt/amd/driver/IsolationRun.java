package dev.genpt.amd.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.amd.hardware.Access;
import dev.genpt.amd.hardware.Request;
import dev.genpt.error.IommuException;
import dev.genpt.fixture.Threads;
import dev.genpt.table.Protection;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Devices access at random while threads map, unmap and grow domains and move devices between them.
 *
 * <p>The test keeps its own account of what is granted: a page changes hands before a map or unmap
 * begins and after it has returned. An access during which nothing changed must do exactly what the
 * account says.
 */
final class IsolationRun {
  private static final int DOMAINS = 2;
  private static final int PAGES = 64;
  private static final int MAPPERS = 2;
  private static final int DEVICE_THREADS = 2;
  private static final long IOVA = 0x4000_0000L;

  /** Who a page, or a device, belongs to at a time; each change is another object. */
  private static final class Grant {
    static final long CHANGING = -2;
    static final long NONE = ModelMachine.REFUSED;

    /** Where the page is, which domain the device has, NONE or CHANGING. */
    final long value;

    /** Of a page: where devices find it, or found it last. */
    final long iova;

    final long length;

    Grant(long value, long iova, long length) {
      this.value = value;
      this.iova = iova;
      this.length = length;
    }

    static Grant of(long value) {
      return new Grant(value, 0, 0);
    }

    Grant becoming(long newValue) {
      return new Grant(newValue, iova, length);
    }
  }

  /** How pages come and go: at addresses of their own, or at those that the DMA interface gives. */
  private interface Memory {
    Grant map(int domain, int page, long pa, long length);

    void unmap(int domain, Grant grant);
  }

  /** At an address of its own, each page; where nothing is granted, nothing may be reached. */
  private final class Direct implements Memory {
    @Override
    public Grant map(int domain, int page, long pa, long length) {
      domains[domain].space().map(iova(page), pa, 0x1000, Protection.READ_WRITE);
      return new Grant(pa, iova(page), 0x1000);
    }

    @Override
    public void unmap(int domain, Grant grant) {
      assertEquals(0x1000, domains[domain].space().unmap(grant.iova, 0x1000));
    }
  }

  /** By DMA mappers, which use addresses again. */
  private final class Dma implements Memory {
    private final ThreadLocal<Integer> cpu = new ThreadLocal<>();
    private final DmaMapper[] mappers = new DmaMapper[DOMAINS];

    Dma(boolean lazy) {
      for (int i = 0; i < DOMAINS; i++) {
        DmaConfig config = DmaConfig.of(domains[i]).cpus(MAPPERS, cpu::get);
        mappers[i] = DmaMapper.create(lazy ? config.lazy() : config);
      }
    }

    @Override
    public Grant map(int domain, int page, long pa, long length) {
      cpu.set(page % MAPPERS);
      return new Grant(pa, mappers[domain].map(pa, length, DmaDirection.BIDIRECTIONAL), length);
    }

    @Override
    public void unmap(int domain, Grant grant) {
      mappers[domain].unmap(grant.iova, grant.length);
      mappers[domain].runTimers();
    }
  }

  private final long seed;
  private final long accesses;
  private final ModelMachine machine;
  private final PagingDomain[] domains = new PagingDomain[DOMAINS];
  private final AtomicReferenceArray<Grant> pages = new AtomicReferenceArray<>(DOMAINS * PAGES);
  private final PciDevice[] devices;
  private final AtomicReferenceArray<Grant> owners;
  private final Memory memory;
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger devicesBusy = new AtomicInteger(DEVICE_THREADS);
  private final AtomicInteger driversBusy = new AtomicInteger(MAPPERS + 1);

  /**
   * A run.
   *
   * @param kind {@code v1} or {@code v2}, and {@code dma} or {@code lazy dma} for addresses that
   *     the DMA interface gives
   * @param seams the driver's parts
   * @param accesses of all devices together
   */
  IsolationRun(String kind, AmdIommuDriver.Seams seams, long accesses, long seed) {
    this.seed = seed;
    this.accesses = accesses;
    machine = new ModelMachine(seams);
    devices = new PciDevice[] {machine.nic(), machine.disk()};
    owners = new AtomicReferenceArray<>(devices.length);
    for (int i = 0; i < DOMAINS; i++) {
      domains[i] =
          kind.startsWith("v1") ? machine.driver.newV1Domain() : machine.driver.newV2Domain();
    }
    memory = kind.contains("dma") ? new Dma(kind.contains("lazy")) : new Direct();
  }

  private boolean devicesRun() {
    return devicesBusy.get() > 0 && wrong.isEmpty();
  }

  /** Page {@code number} of a domain; a few are beyond the first root's reach. */
  private static long iova(int number) {
    return number % 16 == 15 ? (1L << 44) + ((long) number << 12) : IOVA + ((long) number << 12);
  }

  /** Maps and unmaps the pages whose number leaves {@code mapper} over. */
  private void map(int mapper) {
    Random random = new Random(seed + mapper);
    while (devicesRun()) {
      int domain = random.nextInt(DOMAINS);
      int page = random.nextInt(PAGES / MAPPERS) * MAPPERS + mapper;
      int slot = domain * PAGES + page;
      Grant before = pages.get(slot);
      pages.set(slot, before.becoming(Grant.CHANGING));
      if (before.value != Grant.NONE) {
        memory.unmap(domain, before);
        pages.set(slot, before.becoming(Grant.NONE));
      } else {
        long pa = (long) random.nextInt(1, 1 << 20) << 12;
        pages.set(slot, memory.map(domain, page, pa, 0x1000L * random.nextInt(1, 5)));
      }
    }
  }

  private void move() {
    Random random = new Random(seed + 100);
    while (devicesRun()) {
      int device = random.nextInt(devices.length);
      int domain = random.nextInt(DOMAINS + 1);
      owners.set(device, Grant.of(Grant.CHANGING));
      if (domain == DOMAINS) {
        devices[device].detach();
        owners.set(device, Grant.of(Grant.NONE));
      } else {
        devices[device].attach(domains[domain]);
        owners.set(device, Grant.of(domain));
      }
      for (int pause = random.nextInt(200); pause > 0 && devicesRun(); pause--) {
        Thread.onSpinWait();
      }
    }
  }

  private void access(int thread) {
    Random random = new Random(seed + 200 + thread);
    for (long i = 0; i < accesses / DEVICE_THREADS && wrong.isEmpty(); i++) {
      int device = random.nextInt(devices.length);
      int page = random.nextInt(PAGES);
      Grant owner = owners.get(device);
      boolean owned = owner.value >= 0;
      int slot = owned ? (int) owner.value * PAGES + page : 0;
      Grant before = pages.get(slot);
      long address = before.iova | (random.nextInt(512) << 3);
      long found =
          machine.access(
              Request.of(
                  devices[device].deviceId(),
                  address,
                  random.nextBoolean() ? Access.WRITE : Access.READ));
      boolean steady = owners.get(device) == owner && (!owned || pages.get(slot) == before);
      long right =
          !owned || before.value == Grant.NONE ? Grant.NONE : before.value | (address & 0xfff);
      // An address of the DMA interface that is free may be another's by now.
      boolean pageKnown =
          before.value >= 0 || (before.value == Grant.NONE && memory instanceof Direct);
      boolean known = owner.value != Grant.CHANGING && (!owned || pageKnown);
      if (steady && known && found != right) {
        wrong.add(
            "access %d of %s to %#x: reached %#x instead of %#x"
                .formatted(i, devices[device], address, found, right));
      }
    }
  }

  /** Runs it; what went wrong, or empty. */
  Optional<String> run() {
    for (int i = 0; i < pages.length(); i++) {
      pages.set(i, new Grant(Grant.NONE, iova(i % PAGES), 0x1000));
    }
    for (int i = 0; i < owners.length(); i++) {
      owners.set(i, Grant.of(Grant.NONE));
    }
    machine.hardwareRuns = true;
    Threads.runTogether(MAPPERS + 1 + DEVICE_THREADS + 1, this::runThread);
    return Optional.ofNullable(wrong.peek());
  }

  private void runThread(int number) {
    try {
      if (number < MAPPERS) {
        map(number);
      } else if (number == MAPPERS) {
        move();
      } else if (number <= MAPPERS + DEVICE_THREADS) {
        access(number);
      } else {
        runHardware();
      }
    } catch (IommuException e) {
      wrong.add(e.toString());
    } finally {
      if (number <= MAPPERS) {
        driversBusy.decrementAndGet();
      } else if (number <= MAPPERS + DEVICE_THREADS) {
        devicesBusy.decrementAndGet();
      }
    }
  }

  private void runHardware() {
    while (driversBusy.get() > 0) {
      if (machine.runCommands() == 0) {
        LockSupport.parkNanos(1000);
      }
    }
  }
}
