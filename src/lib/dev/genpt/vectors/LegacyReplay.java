package dev.genpt.vectors;

import dev.genpt.error.IommuException;
import dev.genpt.legacy.IoPageTable;
import dev.genpt.legacy.LegacyDomain;
import dev.genpt.legacy.LegacyGather;
import dev.genpt.memory.PageAllocator;
import java.util.List;

/** A scenario on an old engine. */
final class LegacyReplay extends Replay<LegacyDomain, LegacyGather> {
  private static final long PAGE = 0x1000;

  private final LegacyConfig config;
  private final PageAllocator pages;
  private final LegacyLog log = new LegacyLog();

  LegacyReplay(LegacyConfig config, PageAllocator pages) {
    this.config = config;
    this.pages = pages;
    int liveBefore = pages.liveBlocks();
    try {
      LegacyDomain made = new LegacyDomain(config.maker().make(pages, log));
      open(made, log.addTo(withState(describe(made), made)));
    } catch (IommuException e) {
      open(null, Answer.failed(e).withCount(Answer.LIVE, pages.liveBlocks() - liveBefore));
    }
  }

  private static Answer describe(LegacyDomain made) {
    return Answer.empty()
        .withText(Answer.RC, Answer.SUCCESS)
        .withHex(Answer.PGSIZE_BITMAP, made.pageSizeBitmap())
        .withHex(Answer.APERTURE_START, 0)
        .withHex(Answer.APERTURE_END, made.engine().lastVa());
  }

  @Override
  Expectation expectation(Scenario scenario) {
    return new LegacyExpectation(new LegacyReplay(config, pages));
  }

  @Override
  TableImages images() {
    return new TableImages(new LegacyTable(domain().engine()));
  }

  @Override
  EventRecord log() {
    return log;
  }

  @Override
  LegacyGather newGather(boolean queued) {
    return new LegacyGather(queued);
  }

  @Override
  Gather shown(LegacyGather gather) {
    return new Gather(gather.start(), gather.end(), gather.freelist().size(), gather.pageSize());
  }

  @Override
  void map(LegacyDomain on, Operation.Map map) {
    on.map(map.iova(), map.pa(), map.length(), map.protection());
  }

  @Override
  void mapRange(LegacyDomain on, Operation.Map map) {
    on.mapRange(map.iova(), map.pa(), map.length(), map.protection());
  }

  @Override
  long unmap(LegacyDomain on, long iova, long length, LegacyGather gather) {
    return on.unmap(iova, length, gather);
  }

  @Override
  void sync(LegacyDomain on, LegacyGather gather) {
    on.sync(gather);
  }

  @Override
  Value translate(LegacyDomain on, long iova) {
    return new Value.Hex(on.iovaToPhys(iova));
  }

  @Override
  void setDirty(LegacyDomain on, long iova) {
    on.setDirty(iova);
  }

  @Override
  void readDirty(
      LegacyDomain on, Operation.ReadDirty read, List<Extent> reports, LegacyGather gather) {
    on.readAndClearDirty(
        read.iova(),
        read.length(),
        read.clear(),
        (iova, length) -> reports.add(new Extent(iova, length)),
        gather);
  }

  @Override
  Answer withState(Answer answer, LegacyDomain of) {
    IoPageTable engine = of.engine();
    int live = engine.owner().liveBlocks();
    long livePages = engine.owner().liveBytes() / PAGE;
    Answer counted =
        answer.withCount(Answer.TOP_LEVEL, engine.topLevel()).withCount(Answer.LIVE, live);
    return livePages == live ? counted : counted.withCount(Answer.LIVE_PAGES, livePages);
  }

  @Override
  void close(LegacyDomain used) {
    used.close();
  }
}
