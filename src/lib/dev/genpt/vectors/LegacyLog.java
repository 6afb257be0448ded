package dev.genpt.vectors;

import dev.genpt.legacy.LegacyDriver;
import dev.genpt.legacy.LegacyGather;

/** The hardware behind a replayed old engine: it does nothing but write down what it is told. */
final class LegacyLog extends EventRecord implements LegacyDriver {
  @Override
  public void iotlbSync(LegacyGather gather) {
    add(
        new Event.Flush(
            Event.SYNC, gather.start(), gather.end(), gather.freelist().size(), gather.pageSize()));
  }

  @Override
  public void flushWalk(long first, long last, long pageSize) {
    add(new Event.Flush("flush_walk", first, last, 0, pageSize));
  }

  @Override
  public void flushPages(long first, long last) {
    add(new Event.Flush("flush_pages", first, last, 0, 0));
  }

  @Override
  public void cacheTagFlush(long start, long end) {
    add(new Event.Flush("cache_tag_flush", start, end, 0, 0));
  }

  @Override
  public void changeTop(long root, int topLevel) {
    add(new Event.ChangeTop(topLevel));
  }

  @Override
  public void flush(long pa, int bytes) {
    addFlush(bytes);
  }
}
