package dev.genpt.vectors;

import dev.genpt.error.IommuException;
import dev.genpt.legacy.IoPageTable;
import dev.genpt.legacy.LegacyDomain;
import dev.genpt.legacy.LegacyGather;
import dev.genpt.memory.PageAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A scenario on an old engine. */
final class LegacyReplay implements Replay {
  private static final long PAGE = 0x1000;

  private final LegacyConfig config;
  private final PageAllocator pages;
  private final LegacyLog log = new LegacyLog();
  private final LegacyGather longGather = new LegacyGather(false);
  private final @Nullable LegacyDomain domain;
  private final Answer opening;

  LegacyReplay(LegacyConfig config, PageAllocator pages) {
    this.config = config;
    this.pages = pages;
    int liveBefore = pages.liveBlocks();
    @Nullable LegacyDomain made = null;
    Answer answer;
    try {
      made = new LegacyDomain(config.maker().make(pages, log));
      answer = log.addTo(withState(describe(made), made));
    } catch (IommuException e) {
      answer = Answer.failed(e).withCount(Answer.LIVE, pages.liveBlocks() - liveBefore);
    }
    domain = made;
    opening = answer;
  }

  private static Answer describe(LegacyDomain made) {
    return Answer.empty()
        .withText(Answer.RC, Answer.SUCCESS)
        .withHex(Answer.PGSIZE_BITMAP, made.pageSizeBitmap())
        .withHex(Answer.APERTURE_START, 0)
        .withHex(Answer.APERTURE_END, made.engine().lastVa());
  }

  private LegacyDomain domain() {
    if (domain == null) {
      throw new IllegalStateException("there is no table: " + opening);
    }
    return domain;
  }

  @Override
  public Answer opening() {
    return opening;
  }

  @Override
  public Expectation expectation(Scenario scenario) {
    return new LegacyExpectation(new LegacyReplay(config, pages));
  }

  @Override
  public TableImages images() {
    return new TableImages(new LegacyTable(domain().engine()));
  }

  @Override
  public Answer run(Operation operation) {
    log.clear();
    LegacyDomain table = domain();
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
      case Operation.IovaToPhys at ->
          finish(Answer.empty().withHex(Answer.PA, table.iovaToPhys(at.iova())));
      case Operation.SetDirty at -> finish(Answer.of(() -> table.setDirty(at.iova())));
      case Operation.ReadDirty read -> finish(readDirty(table, read));
      case Operation.Dump _ -> Answer.empty().with(Answer.TREE, new Value.Tree(images().read()));
    };
  }

  private static Answer map(LegacyDomain table, Operation.Map map) {
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
  private Answer unmap(LegacyDomain table, Operation.Unmap unmap) {
    var gather = new LegacyGather(unmap.queued());
    long unmapped = table.unmap(unmap.iova(), unmap.length(), gather);
    Answer answer = log.addTo(unmapped(unmapped, gather));
    table.sync(gather);
    return withState(answer, table);
  }

  private static Answer unmapped(long bytes, LegacyGather gather) {
    return Answer.empty().withHex(Answer.UNMAPPED, bytes).with(Answer.GATHER, shown(gather));
  }

  private static Gather shown(LegacyGather gather) {
    return new Gather(gather.start(), gather.end(), gather.freelist().size(), gather.pageSize());
  }

  private static Answer readDirty(LegacyDomain table, Operation.ReadDirty read) {
    var gather = new LegacyGather(false);
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

  private static Answer withState(Answer answer, LegacyDomain table) {
    IoPageTable engine = table.engine();
    int live = engine.owner().liveBlocks();
    long livePages = engine.owner().liveBytes() / PAGE;
    Answer counted =
        answer.withCount(Answer.TOP_LEVEL, engine.topLevel()).withCount(Answer.LIVE, live);
    return livePages == live ? counted : counted.withCount(Answer.LIVE_PAGES, livePages);
  }

  @Override
  public void close() {
    if (domain != null) {
      domain.close();
    }
  }
}
