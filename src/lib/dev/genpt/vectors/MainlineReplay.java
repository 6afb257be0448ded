package dev.genpt.vectors;

import dev.genpt.error.IommuException;
import dev.genpt.iommu.DomainConfig;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.memory.PageAllocator;
import dev.genpt.table.IotlbGather;
import dev.genpt.table.PageTable;
import java.util.List;

/** A scenario on the new engine. */
final class MainlineReplay extends Replay<IommuDomain, IotlbGather> {
  private final MainlineConfig config;
  private final PageAllocator pages;
  private final EventLog log = new EventLog();

  /** Makes the table of {@code config}, or finds that it can't be made. */
  MainlineReplay(MainlineConfig config, PageAllocator pages) {
    this.config = config;
    this.pages = pages;
    int liveBefore = pages.liveBlocks();
    try {
      IommuDomain made = IommuDomain.create(domainConfig());
      open(made, describe(made));
      config.pageSizes().ifPresent(made::narrowPageSizes);
    } catch (IommuException e) {
      open(null, Answer.failed(e).withCount(Answer.LIVE, pages.liveBlocks() - liveBefore));
    }
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

  /** The same table made again, untouched. */
  MainlineReplay anew() {
    return new MainlineReplay(config, pages);
  }

  /** The table itself. */
  PageTable pageTable() {
    return domain().pageTable();
  }

  @Override
  Expectation expectation(Scenario scenario) {
    return new MainlineExpectation(scenario, this);
  }

  @Override
  TableImages images() {
    return new TableImages(new MainlineTable(pageTable()));
  }

  @Override
  EventRecord log() {
    return log;
  }

  @Override
  IotlbGather newGather(boolean queued) {
    return new IotlbGather(queued);
  }

  @Override
  Gather shown(IotlbGather gather) {
    return new Gather(gather.start(), gather.end(), gather.freelist().size());
  }

  @Override
  void map(IommuDomain on, Operation.Map map) {
    on.map(map.iova(), map.pa(), map.length(), map.protection());
  }

  @Override
  void mapRange(IommuDomain on, Operation.Map map) {
    on.mapRange(map.iova(), map.pa(), map.length(), map.protection());
  }

  @Override
  long unmap(IommuDomain on, long iova, long length, IotlbGather gather) {
    return on.unmap(iova, length, gather);
  }

  @Override
  void sync(IommuDomain on, IotlbGather gather) {
    on.sync(gather);
  }

  @Override
  Value translate(IommuDomain on, long iova) {
    long pa = on.iovaToPhys(iova);
    return pa == IommuDomain.NO_TRANSLATION ? new Value.NoTranslation() : new Value.Hex(pa);
  }

  @Override
  void setDirty(IommuDomain on, long iova) {
    on.setDirty(iova);
  }

  @Override
  void readDirty(
      IommuDomain on, Operation.ReadDirty read, List<Extent> reports, IotlbGather gather) {
    on.readAndClearDirty(
        read.iova(),
        read.length(),
        read.clear(),
        (iova, length) -> reports.add(new Extent(iova, length)),
        gather);
  }

  @Override
  Answer withState(Answer answer, IommuDomain of) {
    return answer
        .withCount(Answer.TOP_LEVEL, of.topLevel())
        .withCount(Answer.LIVE, of.owner().liveBlocks());
  }

  @Override
  void close(IommuDomain used) {
    used.close();
  }
}
