package dev.genpt.amd.hardware;

import dev.genpt.memory.PhysicalMemory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/**
 * One AMD IOMMU: software sees its registers and its structures in memory, devices send it their
 * requests.
 *
 * <p>Whatever is in registers and memory, every request ends in an answer, with an event where the
 * manual wants one; nothing is thrown and every walk is bounded. Several IOMMUs may share a memory;
 * they know nothing of each other.
 *
 * <p>Commands wait in their ring until {@link #runCommands} is called: time passes for the hardware
 * when its caller says so.
 *
 * <p>Threads: any thread may call any method at any time. An invalidation waits for the requests
 * that are under way, with their access if {@link #perform} makes it; a request that begins after
 * the invalidation finds nothing of what it dropped. The interrupt handler runs on the thread that
 * caused the interrupt, which holds no lock, and may call any method.
 *
 * <p>Source: AMD I/O Virtualization Technology (IOMMU) Specification.
 */
public final class AmdIommu implements DmaPath {
  /** Commands of the largest ring. */
  private static final int MAX_COMMANDS = 1 << 15;

  private final PhysicalMemory memory;
  private final Counters counters = new Counters();
  private final Map<Integer, AtsDevice> devices = new ConcurrentHashMap<>();
  private final ReadWriteLock translations = new ReentrantReadWriteLock();
  private final Registers registers;
  private final DeviceTable deviceTable;
  private final Translator translator;
  private final CommandRing commands;
  private final LogRing pageRequests;
  private volatile Consumer<Interrupt> interruptHandler = _ -> {};
  private volatile Consumer<Command> commandListener = _ -> {};

  /** An IOMMU of {@link IommuFeatures#DEFAULT} with {@link CacheConfig#ADVERSARIAL} caches. */
  public AmdIommu(PhysicalMemory memory) {
    this(memory, IommuFeatures.DEFAULT, CacheConfig.ADVERSARIAL);
  }

  /**
   * An IOMMU after reset: everything passes.
   *
   * @param memory all that it reaches
   * @param features what it can do
   * @param cacheConfig how much it remembers
   */
  public AmdIommu(PhysicalMemory memory, IommuFeatures features, CacheConfig cacheConfig) {
    this.memory = memory;
    registers = new Registers(features);
    Caches caches = new Caches(cacheConfig);
    EventLog events = new EventLog(LogRing.events(memory, registers), registers, counters);
    pageRequests = LogRing.pageRequests(memory, registers);
    deviceTable = new DeviceTable(memory, caches.devices, counters);
    HostStage host =
        new HostStage(new HostWalk(memory, caches.pointers, counters), caches.pages, counters);
    Gcr3Table gcr3 = new Gcr3Table(memory, host, caches, counters);
    GuestStage guest =
        new GuestStage(
            new GuestWalk(memory, host, gcr3, caches.pointers, counters), caches.pages, counters);
    translator = new Translator(registers, deviceTable, host, guest, caches, events, counters);
    commands =
        new CommandRing(
            memory, registers, caches, devices, events, counters, translations.writeLock());
  }

  /** The memory that it reaches. */
  public PhysicalMemory memory() {
    return memory;
  }

  /** What it can do. */
  public IommuFeatures features() {
    return registers.features();
  }

  /**
   * Reads 8 bytes of the register region.
   *
   * @param offset bytes from its start; 0 is read where there is no register, or at no multiple of
   *     8
   */
  public long read64(int offset) {
    return registers.read64(offset);
  }

  /** As {@link #read64}, 4 bytes at a multiple of 4. */
  public int read32(int offset) {
    return registers.read32(offset);
  }

  /**
   * Writes 8 bytes of the register region.
   *
   * @param offset bytes from its start; nothing happens where there is no register, or at no
   *     multiple of 8
   */
  public void write64(int offset, long value) {
    registers.write64(offset, value);
    deliver();
  }

  /** As {@link #write64}, 4 bytes at a multiple of 4. */
  public void write32(int offset, int value) {
    registers.write32(offset, value);
    deliver();
  }

  /** A request of a device without a PASID. */
  public Translation translate(int deviceId, long address, Access access) {
    return translate(Request.of(deviceId, address, access));
  }

  /**
   * A request of a device with a PASID, as user.
   *
   * @param pasid 0..0xfffff
   */
  public Translation translate(int deviceId, int pasid, long address, Access access) {
    return translate(Request.of(deviceId, address, access).withPasid(pasid));
  }

  /** What becomes of {@code request}. */
  public Translation translate(Request request) {
    return perform(request, _ -> {});
  }

  @Override
  public Translation perform(Request request, Consumer<Translation.Mapped> access) {
    Translation translation = performUndelivered(request, access);
    deliver();
    return translation;
  }

  /** As {@link #perform}, for a caller that holds a lock: interrupts wait for {@link #deliver}. */
  Translation performUndelivered(Request request, Consumer<Translation.Mapped> access) {
    translations.readLock().lock();
    try {
      Translation translation = translator.translate(request);
      if (translation instanceof Translation.Mapped mapped) {
        access.accept(mapped);
      }
      return translation;
    } finally {
      translations.readLock().unlock();
    }
  }

  /**
   * Runs the commands that wait, at most as many as the largest ring holds.
   *
   * @return how many ran
   */
  public int runCommands() {
    return runCommands(MAX_COMMANDS);
  }

  /** As {@link #runCommands()}, at most {@code limit}. */
  public int runCommands(int limit) {
    int done = commands.run(limit, commandListener);
    deliver();
    return done;
  }

  /**
   * Writes a device's page request to the PPR log. Where that is not possible, the device gets
   * {@link PageResponse#FAILURE}.
   *
   * @return true if it was written
   */
  public boolean requestPage(PageRequest request) {
    boolean written = mayRequestPages(request) && pageRequests.append(request.q0(), request.q1());
    deliver();
    AtsDevice device = devices.get(request.request().deviceId());
    if (!written && device != null) {
      device.respond(
          new PageResponse(request.request().pasid(), request.group(), PageResponse.FAILURE));
    }
    return written;
  }

  private boolean mayRequestPages(PageRequest request) {
    translations.readLock().lock();
    try {
      Settings settings = registers.settings();
      return deviceTable.lookup(settings, request.request().deviceId())
              instanceof DeviceTableEntry entry
          && entry.allowsPageRequests(settings.features());
    } finally {
      translations.readLock().unlock();
    }
  }

  /** Puts a device behind this IOMMU, in place of another of that DeviceID. */
  public void attach(int deviceId, AtsDevice device) {
    devices.put(deviceId, device);
  }

  /** Sends interrupts to {@code handler}. */
  public void onInterrupt(Consumer<Interrupt> handler) {
    interruptHandler = handler;
  }

  /** Tells {@code listener} of every command that has taken effect, in order. */
  public void onCommand(Consumer<Command> listener) {
    commandListener = listener;
  }

  /** What was counted so far. */
  public Counts counts() {
    return counters.counts();
  }

  /** Hands out the interrupts that wait; the caller holds no lock. */
  void deliver() {
    registers.deliver(interruptHandler);
  }
}
