package dev.genpt.vectors;

import dev.genpt.error.IommuException;
import dev.genpt.iommu.DomainConfig;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.memory.PageAllocator;
import dev.genpt.table.IotlbGather;
import dev.genpt.table.PageTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A scenario on the new engine. */
final class MainlineReplay implements Replay {
  private final MainlineConfig config;
  private final PageAllocator pages;
  private final EventLog log = new EventLog();
  private final IotlbGather longGather = new IotlbGather();
  private final @Nullable IommuDomain domain;
  private final Answer opening;

  /** Makes the table of {@code config}, or finds that it can't be made. */
  MainlineReplay(MainlineConfig config, PageAllocator pages) {
    this.config = config;
    this.pages = pages;
    int liveBefore = pages.liveBlocks();
    @Nullable IommuDomain made = null;
    Answer answer;
    try {
      made = IommuDomain.create(domainConfig());
      answer = describe(made);
      config.pageSizes().ifPresent(made::narrowPageSizes);
    } catch (IommuException e) {
      answer = Answer.failed(e).withCount(Answer.LIVE, pages.liveBlocks() - liveBefore);
    }
    domain = made;
    opening = answer;
  }

  private DomainConfig domainConfig() {
    return DomainConfig.of(config.format(), pages)
        .features(config.features())
        .widths(config.hwMaxVaLg2(), config.hwMaxOaLg2())
        .topLevel(config.topLevel())
        .encryptionMask(config.encryptionMask())
        .driver(log)
        .topDriver(log)
        .flusher(log);
  }

  private Answer describe(IommuDomain made) {
    Answer answer =
        Answer.empty()
            .withText(Answer.RC, Answer.SUCCESS)
            .withHex(Answer.PGSIZE_BITMAP, made.pageSizeBitmap())
            .withHex(Answer.APERTURE_START, made.firstVa())
            .withHex(Answer.APERTURE_END, made.lastVa());
    return log.addTo(withState(answer, made));
  }

  @Override
  public Answer opening() {
    return opening;
  }

  /** The same table made again, untouched. */
  MainlineReplay anew() {
    return new MainlineReplay(config, pages);
  }

  @Override
  public Expectation expectation(Scenario scenario) {
    return new MainlineExpectation(scenario, this);
  }

  @Override
  public TableImages images() {
    return new TableImages(new MainlineTable(pageTable()));
  }

  /**
   * The table.
   *
   * @throws IllegalStateException if it could not be made
   */
  PageTable pageTable() {
    return domain().pageTable();
  }

  private IommuDomain domain() {
    if (domain == null) {
      throw new IllegalStateException("there is no table: " + opening);
    }
    return domain;
  }

  @Override
  public Answer run(Operation operation) {
    log.clear();
    IommuDomain table = domain();
    return switch (operation) {
      case Operation.Map map -> finish(map(table, map));
      case Operation.Unmap unmap -> unmap(table, unmap);
      case Operation.UnmapFast unmap -> {
        long unmapped = table.unmap(unmap.iova(), unmap.length(), longGather);
        yield finish(unmapped(unmapped, longGather));
      }
      case Operation.Sync _ -> {
        table.sync(longGather);
        yield finish(Answer.empty());
      }
      case Operation.IovaToPhys at -> {
        long pa = table.iovaToPhys(at.iova());
        yield finish(
            Answer.empty()
                .with(
                    Answer.PA,
                    pa == IommuDomain.NO_TRANSLATION
                        ? new Value.NoTranslation()
                        : new Value.Hex(pa)));
      }
      case Operation.SetDirty at -> finish(Answer.of(() -> table.setDirty(at.iova())));
      case Operation.ReadDirty read -> finish(readDirty(table, read));
      case Operation.Dump _ -> Answer.empty().with(Answer.TREE, new Value.Tree(images().read()));
    };
  }

  private static Answer map(IommuDomain table, Operation.Map map) {
    if (map.allOrNothing()) {
      return Answer.of(() -> table.map(map.iova(), map.pa(), map.length(), map.protection()));
    }
    try {
      table.mapRange(map.iova(), map.pa(), map.length(), map.protection());
      return Answer.empty()
          .withText(Answer.RC, Answer.SUCCESS)
          .withHex(Answer.MAPPED, map.length());
    } catch (IommuException e) {
      return Answer.failed(e).withHex(Answer.MAPPED, e.bytesDone());
    }
  }

  /** The gather is shown before its flush, the tables in use are counted after it. */
  private Answer unmap(IommuDomain table, Operation.Unmap unmap) {
    var gather = new IotlbGather(unmap.queued());
    long unmapped = table.unmap(unmap.iova(), unmap.length(), gather);
    Answer answer = log.addTo(unmapped(unmapped, gather));
    table.sync(gather);
    return withState(answer, table);
  }

  private static Answer unmapped(long bytes, IotlbGather gather) {
    return Answer.empty().withHex(Answer.UNMAPPED, bytes).with(Answer.GATHER, shown(gather));
  }

  private static Gather shown(IotlbGather gather) {
    return new Gather(gather.start(), gather.end(), gather.freelist().size());
  }

  private static Answer readDirty(IommuDomain table, Operation.ReadDirty read) {
    var gather = new IotlbGather();
    List<Extent> reports = new ArrayList<>();
    return Answer.of(() ->
            table.readAndClearDirty(
                read.iova(),
                read.length(),
                read.clear(),
                (iova, length) -> reports.add(new Extent(iova, length)),
                gather))
        .with(Answer.DIRTY, new Value.Extents(Extent.merged(reports)))
        .with(Answer.GATHER, shown(gather));
  }

  private Answer finish(Answer answer) {
    return log.addTo(withState(answer, domain()));
  }

  private static Answer withState(Answer answer, IommuDomain table) {
    return answer
        .withCount(Answer.TOP_LEVEL, table.topLevel())
        .withCount(Answer.LIVE, table.owner().liveBlocks());
  }

  @Override
  public void close() {
    if (domain != null) {
      domain.close();
    }
  }
}
