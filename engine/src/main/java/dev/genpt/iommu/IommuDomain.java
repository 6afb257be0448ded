package dev.genpt.iommu;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PageList;
import dev.genpt.memory.PageOwner;
import dev.genpt.table.Cursor;
import dev.genpt.table.EntryType;
import dev.genpt.table.Feature;
import dev.genpt.table.HardwareInfo;
import dev.genpt.table.IotlbGather;
import dev.genpt.table.LeafTemplate;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import dev.genpt.table.Range;
import dev.genpt.table.Root;

/**
 * An address space of devices: one page table of any format, and the operations on it.
 *
 * <p><b>Threads.</b> There is no lock on the tree. Two operations may run at the same time if their
 * input ranges do not overlap, or if both only read; the caller sees to that. In detail, for
 * overlapping ranges:
 *
 * <ul>
 *   <li>{@code iovaToPhys}, {@code translate} and {@code readAndClearDirty} may run beside each
 *       other (two clearers of one range split the reports); not beside a map or unmap of the same
 *       addresses;
 *   <li>{@code map} and {@code unmap} need their range for themselves; for unmap that includes all
 *       of the last leaf it may remove;
 *   <li>{@code setDirty} runs beside everything but an unmap of the same address;
 *   <li>the growth of the root runs beside everything; hardware walks beside everything;
 *   <li>{@code create}, {@code close} and {@code narrowPageSizes} run alone.
 * </ul>
 *
 * <p>This suffices because tables are installed by compare-and-set, leaves lie inside their
 * writer's own range, and a table is freed only by who owns all of the range that it stands for.
 *
 * <p>Source of the rules: upstream {@code iommu_pt.h} and {@code iommu.c}.
 */
public final class IommuDomain implements AutoCloseable {
  /** What {@link #iovaToPhys} answers when there is no translation. */
  public static final long NO_TRANSLATION = -1;

  private final PageTable pageTable;
  private final PageTableFormat format;
  private final Incoherence incoherence;
  private final TableOwner tables;
  private final TopGrowth growth;
  private final DirectWalk direct;
  private final RequestChecks checks;
  private final IommuDriver driver;
  private final WalkPool walkPool;
  private final long firstVa;
  private final long lastVa;
  private volatile long pageSizeBitmap;
  private volatile boolean closed;

  private IommuDomain(DomainConfig config) {
    pageTable = DomainInit.pageTable(config);
    format = pageTable.format();
    incoherence = new Incoherence(pageTable, config.flusher);
    tables = new TableOwner(config.pages, config.pages.newOwner(config.name), incoherence);
    growth = new TopGrowth(pageTable, tables, incoherence, config.topDriver);
    direct = new DirectWalk(pageTable, tables);
    checks = new RequestChecks(pageTable);
    driver = config.driver;
    walkPool = new WalkPool(this);
    pageSizeBitmap = DomainInit.pageSizeBitmap(pageTable);
    int maxTop = format.geometry().maxTopLevel();
    int topLevel = pageTable.has(Feature.DYNAMIC_TOP) ? maxTop : format.initialTopLevel();
    Range whole = Range.ofTop(pageTable, pageTable.rootAt(0, topLevel));
    firstVa = whole.va();
    lastVa = whole.lastVa();
    int firstTop = format.initialTopLevel();
    pageTable.publishRoot(tables.allocate(pageTable.rootSizeLg2(firstTop)), firstTop);
  }

  /**
   * A domain with an empty table. Threads: any; nobody else can know it yet.
   *
   * @throws IommuException EINVAL or EOPNOTSUPP for a configuration that can't be, ENOMEM without
   *     memory for the root; nothing is then left behind
   */
  public static IommuDomain create(DomainConfig config) {
    return new IommuDomain(config);
  }

  /**
   * Frees every table. No hardware may walk them any more, and leaves are simply dropped. Threads:
   * alone; no other call of this domain may be under way. Later calls are refused (EINVAL).
   */
  @Override
  public void close() {
    closed = true;
    tables.freeEverything();
  }

  // ---- What it is

  /** The table itself, for tools that look inside. */
  public PageTable pageTable() {
    return pageTable;
  }

  /** The account that the tables are held on. */
  public PageOwner owner() {
    return tables.account();
  }

  /** Leaf sizes in use: bit n = pages of 2^n bytes. Threads: any, beside everything. */
  public long pageSizeBitmap() {
    return pageSizeBitmap;
  }

  /** First address of the aperture that is advertised. */
  public long firstVa() {
    return firstVa;
  }

  /** Last address of the aperture, inclusive; the lower half where addresses are sign extended. */
  public long lastVa() {
    return lastVa;
  }

  /** Level of the root now. Threads: any, beside everything; it may have grown on return. */
  public int topLevel() {
    return pageTable.root().level();
  }

  /**
   * What hardware must be told. Threads: any, but under the driver's top lock ({@link TopDriver}),
   * or a growth may be missed.
   *
   * @throws IommuException EOPNOTSUPP if no hardware walks the format
   */
  public HardwareInfo hardwareInfo() {
    Root root = pageTable.root();
    return format.hardwareInfo(root.address(), root.level());
  }

  /**
   * Drops page sizes from use; leaves that are there stay. Threads: beside everything but a map and
   * another narrowing.
   *
   * @param keep sizes to keep, as a bitmap
   * @throws IommuException EINVAL if none would be left
   */
  public void narrowPageSizes(long keep) {
    if ((pageSizeBitmap & keep) == 0) {
      throw new IommuException(
          Errno.EINVAL,
          "page sizes %#x: none of them is among those of the domain, %#x"
              .formatted(keep, pageSizeBitmap));
    }
    pageSizeBitmap &= keep;
  }

  // ---- Map

  /**
   * Maps {@code [iova, iova + length)} to {@code [pa, pa + length)}, all or nothing. Threads: any
   * number, each on a range that no other map, unmap, translation or dirty read under way touches;
   * the ranges may share tables, and the root may grow meanwhile.
   *
   * @param length bytes, a multiple of the smallest page size
   * @param protection {@link Protection} bits, at least READ or WRITE
   * @throws IommuException as {@link #mapRange}; what this call had mapped is unmapped again, and 0
   *     bytes are done. Empty tables may stay
   */
  public void map(long iova, long pa, long length, int protection) {
    try {
      mapRange(iova, pa, length, protection);
    } catch (IommuException e) {
      if (e.bytesDone() != 0) {
        unmap(iova, e.bytesDone());
      }
      throw e.bytesDone() == 0 ? e : e.withBytesDone(0);
    }
    driver.iotlbSyncMap(this, iova, length);
  }

  /**
   * Maps as far as it gets, without telling the driver: what {@link #map} and batches are built
   * from. Threads: as {@link #map}.
   *
   * @throws IommuException with the bytes mapped, counted from {@code iova}, which stay:
   *     <ul>
   *       <li>EINVAL: neither READ nor WRITE; length 0; a protection that the format can't have
   *       <li>ERANGE: output or input addresses outside the table
   *       <li>EOVERFLOW: the input range passes 2^64
   *       <li>ENXIO: no page size divides the addresses and the length
   *       <li>EADDRINUSE: a leaf is in the way
   *       <li>ENOMEM: no memory for a table
   *       <li>EIO: table memory is corrupt
   *     </ul>
   */
  public void mapRange(long iova, long pa, long length, int protection) {
    checkOpen();
    LeafTemplate template = checks.templateOfMap(pageSizeBitmap, iova, pa, length, protection);
    long last = iova + length - 1;
    if (incoherence.isOn() || !direct.map(pageSizeBitmap, iova, last, pa, template)) {
      WalkPool.Walks walks = walkPool.take();
      try {
        walks.map.map(iova, last, pa, template);
      } finally {
        walkPool.giveBack(walks);
      }
    }
  }

  // ---- Unmap

  /**
   * Unmaps from {@code iova} on and invalidates, up to {@code iova + length} or the first hole.
   *
   * <p>Leaves are never split: one that starts in the range goes as a whole, so the result may
   * exceed {@code length}; a range that starts inside a leaf unmaps nothing.
   *
   * <p>Threads: as {@link #map}; the range that nobody else may touch reaches to the end of the
   * last leaf, and {@link #setDirty} is kept out of it too.
   *
   * @return bytes unmapped; 0 for a range that the table can't have
   * @throws IommuException EIO, with the bytes done, if table memory is corrupt
   */
  public long unmap(long iova, long length) {
    WalkPool.Walks walks = walkPool.take();
    try {
      return unmap(iova, length, walks.gather, walks.unmap);
    } finally {
      sync(walks.gather);
      walkPool.giveBack(walks);
    }
  }

  /**
   * As {@link #unmap(long, long)}, but the invalidation and the freed tables go to {@code gather},
   * for {@link #sync} later. A gather is for one thread at a time.
   */
  public long unmap(long iova, long length, IotlbGather gather) {
    WalkPool.Walks walks = walkPool.take();
    try {
      return unmap(iova, length, gather, walks.unmap);
    } finally {
      walkPool.giveBack(walks);
    }
  }

  private long unmap(long iova, long length, IotlbGather gather, UnmapWalk walk) {
    checkOpen();
    long last = iova + length - 1;
    Root root = pageTable.root();
    if (length == 0 || !root.top().decodes(iova, last)) {
      return 0;
    }
    long unmapped = incoherence.isOn() ? DirectWalk.NOT_DIRECT : direct.unmap(root, iova, last);
    if (unmapped == DirectWalk.NOT_DIRECT) {
      return walk.unmap(root, iova, last, gather);
    }
    if (unmapped != 0) {
      addRange(gather, iova, unmapped);
    }
    return unmapped;
  }

  /** Adds unmapped bytes and the tables freed with them to a gather. */
  void gather(IotlbGather gather, long iova, long bytes, PageList freed) {
    addRange(gather, iova, bytes);
    tables.append(gather.freelist(), freed);
  }

  private void addRange(IotlbGather gather, long iova, long bytes) {
    if (gather.queued()) {
      return;
    }
    if (pageTable.has(Feature.FLUSH_RANGE_NO_GAPS) && gather.isDisjoint(iova, bytes)) {
      sync(gather);
    }
    gather.addRange(iova, bytes);
  }

  /**
   * Invalidates what a gather holds, if anything, then frees its tables; the gather is empty
   * afterwards.
   *
   * <p>Tables without a range, as a queued gather holds them, are freed after everything was
   * invalidated.
   *
   * <p>Threads: beside everything; the gather is for one thread at a time.
   *
   * @throws IommuException EINVAL if the gather holds something and the domain is closed: closing
   *     has freed the tables, and others may have them now
   */
  public void sync(IotlbGather gather) {
    if (gather.isEmpty() && gather.freelist().isEmpty()) {
      return;
    }
    checkOpen();
    if (gather.isEmpty()) {
      driver.flushIotlbAll(this);
    } else {
      driver.iotlbSync(this, gather);
    }
    if (!gather.freelist().isEmpty()) {
      tables.freeAll(gather.freelist());
    }
    gather.resetRange();
  }

  // ---- Translate

  /**
   * The output address for exactly {@code iova}, or {@link #NO_TRANSLATION}. Threads: beside
   * everything but a map or unmap of {@code iova}.
   *
   * @throws IommuException EIO if a table pointer leads outside RAM
   */
  public long iovaToPhys(long iova) {
    checkOpen();
    Root root = pageTable.root();
    return root.top().decodes(iova) ? direct.translate(root, iova) : NO_TRANSLATION;
  }

  /**
   * What becomes of {@code iova}, with all that the leaf says. Threads: as {@link #iovaToPhys}.
   *
   * @throws IommuException EIO if a table pointer leads outside RAM
   */
  public Translation translate(long iova) {
    checkOpen();
    Range range = new Range(pageTable).set(pageTable, pageTable.root(), iova, iova);
    if (!range.isValid()) {
      return new Translation.OutOfRange(range.widthLg2());
    }
    Cursor at = cursorAt(range);
    return at.type() == EntryType.EMPTY
        ? new Translation.NotMapped(at.level())
        : new Translation.Mapped(
            at.exactOa(),
            at.entrySizeLg2(),
            at.level(),
            format.protectionOf(at.word(), at.level()));
  }

  /** A cursor on the item that ends the walk for {@code range.va()}. */
  private Cursor cursorAt(Range range) {
    Cursor at = new Cursor(range);
    while (at.load() == EntryType.TABLE) {
      tables.child(at);
      at = at.descend();
    }
    return at;
  }

  // ---- Dirty tracking

  /**
   * Reports, and clears, what the device wrote in {@code [iova, iova + length)}. Holes are passed
   * over. Threads: beside everything but a map or unmap of the range; two that clear one range
   * split the reports between them. A write of the device that comes meanwhile is reported now or
   * next time.
   *
   * <p>What was cleared is in {@code gather}: until the caller has called {@link #sync} hardware
   * may hold "written already" in its caches and miss to report a new write.
   *
   * @param clear false to look only
   * @throws IommuException EOPNOTSUPP if the format can't tell; EINVAL for length 0; EOVERFLOW,
   *     ERANGE for addresses outside the table; EIO if table memory is corrupt
   */
  public void readAndClearDirty(
      long iova, long length, boolean clear, DirtyRecorder recorder, IotlbGather gather) {
    checkOpen();
    checkDirtySupport();
    RequestChecks.checkLength(iova, length);
    long last = iova + length - 1;
    new DirtyWalk(tables, clear, recorder, gather).run(Range.of(pageTable, iova, last), last);
  }

  /**
   * Reports, and clears, what the device wrote in the addresses of {@code bitmap}, one window after
   * the other: the addresses outside the window that is being read may be mapped and unmapped by
   * others meanwhile.
   *
   * <p>A leaf that lies across the end of a window is reported whole by the first that meets it,
   * since it is clean when the next one comes.
   *
   * <p>Threads: for each window as {@link #readAndClearDirty(long, long, boolean, DirtyRecorder,
   * IotlbGather)}; the bitmap is for one thread.
   *
   * @param clear false to look only
   * @param gather as in {@link #readAndClearDirty(long, long, boolean, DirtyRecorder, IotlbGather)}
   * @throws IommuException as there; the windows before are then read, and what was cleared in them
   *     is in the bitmap and in the gather
   */
  public void readAndClearDirty(IovaBitmap bitmap, boolean clear, IotlbGather gather) {
    checkOpen();
    checkDirtySupport();
    Range.of(pageTable, bitmap.iova(), bitmap.lastIova());
    DirtyWalk walk = new DirtyWalk(tables, clear, bitmap, gather);
    long last;
    long iova = bitmap.iova();
    do {
      last = bitmap.lastOfWindow(iova);
      walk.run(Range.of(pageTable, iova, last), bitmap.lastIova());
      iova = last + 1;
    } while (last != bitmap.lastIova());
  }

  /**
   * Marks the item that translates {@code iova} as written, as hardware would; for tests. Threads:
   * beside everything but an unmap of {@code iova}.
   *
   * @throws IommuException EOPNOTSUPP if the format can't; ENOENT if nothing is mapped there;
   *     EAGAIN if the entry changed meanwhile; ERANGE for an address outside the table
   */
  public void setDirty(long iova) {
    checkOpen();
    checkDirtySupport();
    Cursor at = cursorAt(Range.of(pageTable, iova, iova));
    if (at.type() == EntryType.EMPTY) {
      throw new IommuException(
          Errno.ENOENT, iova, 0, "input address %#x is not mapped".formatted(iova));
    }
    if (!at.makeDirty()) {
      throw new IommuException(
          Errno.EAGAIN, iova, 0, "the entry of input address %#x changed".formatted(iova));
    }
  }

  // ---- Inside

  TableOwner tables() {
    return tables;
  }

  Incoherence incoherence() {
    return incoherence;
  }

  TopGrowth growth() {
    return growth;
  }

  private void checkOpen() {
    if (closed) {
      throw new IommuException(Errno.EINVAL, "%s is closed".formatted(owner()));
    }
  }

  private void checkDirtySupport() {
    if (!format.supportsDirty()) {
      throw new IommuException(
          Errno.EOPNOTSUPP,
          "format %s does not record writes".formatted(format.definition().name()));
    }
  }
}
