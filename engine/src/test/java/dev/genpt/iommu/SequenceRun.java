package dev.genpt.iommu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.bits.Log2;
import dev.genpt.fixture.DomainSetup;
import dev.genpt.fixture.Leaf;
import dev.genpt.fixture.Machine;
import dev.genpt.fixture.ReachableTables;
import dev.genpt.fixture.UnsnoopedWalker;
import dev.genpt.inspect.TableLeaves;
import dev.genpt.iommu.DomainOperation.Flush;
import dev.genpt.table.Feature;
import dev.genpt.table.IotlbGather;
import java.util.ArrayList;
import java.util.List;

/**
 * One domain and its model, side by side: each operation is done to both, and they must agree in
 * the answer, in what the driver hears, in the root, in the tables held and in the translations
 * around. Hardware that does not snoop must agree too, where the setup has it.
 */
final class SequenceRun {
  private static final int MOST_LEAVES = 1100;

  private final DomainSetup setup;
  private final Machine machine;
  private final UnsnoopedWalker walker;
  private final IommuDomain domain;
  private final SortedMapModel model;
  private final Kept gathered = new Kept(new IotlbGather(), new ModelGather(false));
  private final Kept queued = new Kept(new IotlbGather(true), new ModelGather(true));

  /** A gather that is kept from one operation to the next, and what must be in it. */
  private record Kept(IotlbGather gather, ModelGather model) {}

  /** A new domain on a machine where it is alone. */
  SequenceRun(DomainSetup setup, Machine machine) {
    this.setup = setup;
    this.machine = machine;
    machine.pages().failRequest(0);
    walker = new UnsnoopedWalker(machine.memory());
    domain = machine.domain(setup.format(), this::request);
    walker.attach(domain.pageTable());
    model = new SortedMapModel(setup);
    assertSameState();
  }

  private DomainConfig request(DomainConfig config) {
    DomainConfig requested = setup.request(config);
    return isIncoherent() ? requested.flusher(walker).topDriver(walker) : requested;
  }

  private Kept kept(Flush flush) {
    return flush == Flush.QUEUED ? queued : gathered;
  }

  private boolean isIncoherent() {
    return setup.has(Feature.DMA_INCOHERENT);
  }

  IommuDomain domain() {
    return domain;
  }

  SortedMapModel model() {
    return model;
  }

  /** Does one operation to both, and compares. */
  void apply(DomainOperation operation) {
    switch (operation) {
      case DomainOperation.MapRange map -> {
        long length = model.cut(map.iova(), map.pa(), map.length(), MOST_LEAVES);
        map(map, length);
        assertSameAround(map.iova(), length);
      }
      case DomainOperation.UnmapRange(long iova, long length, Flush flush) ->
          unmap(iova, length, flush);
      case DomainOperation.UnmapLeaf(int pick, long length, Flush flush) -> {
        if (model.size() > 0) {
          unmap(model.startOf(pick % model.size()), length, flush);
        }
      }
      case DomainOperation.Write(long iova) -> write(iova);
      case DomainOperation.WriteLeaf(int pick, long offset) -> {
        if (model.size() > 0) {
          long start = model.startOf(pick % model.size());
          Translation.Mapped leaf = (Translation.Mapped) model.translate(start);
          write(start + Log2.mod(offset, leaf.pageSizeLg2()));
        }
      }
      case DomainOperation.ReadDirty(long iova, long length, boolean clear) ->
          readDirty(iova, length, clear);
      case DomainOperation.Narrow(long keep) ->
          assertEquals(model.narrowPageSizes(keep), Answer.of(() -> domain.narrowPageSizes(keep)));
      case DomainOperation.Sync(Flush flush) -> {
        model.sync(kept(flush).model);
        domain.sync(kept(flush).gather);
      }
      case DomainOperation.FailRequest(int n) -> {
        model.tables().failRequest(n);
        machine.pages().failRequest(n);
      }
    }
    assertSameState();
  }

  private void map(DomainOperation.MapRange map, long length) {
    long iova = map.iova();
    long pa = map.pa();
    int protection = map.protection();
    if (map.allOrNothing()) {
      Answer expected = model.map(iova, pa, length, protection);
      assertEquals(expected, Answer.of(() -> domain.map(iova, pa, length, protection)));
    } else {
      Answer expected = model.mapRange(iova, pa, length, protection);
      assertEquals(expected, Answer.of(() -> domain.mapRange(iova, pa, length, protection)));
    }
  }

  private void unmap(long iova, long length, Flush flush) {
    if (flush == Flush.AT_ONCE) {
      assertEquals(model.unmap(iova, length), domain.unmap(iova, length));
    } else {
      Kept kept = kept(flush);
      long expected = model.unmap(iova, length, kept.model);
      assertEquals(expected, domain.unmap(iova, length, kept.gather));
      assertSameGather(kept.model, kept.gather);
    }
    assertSameAround(iova, length);
  }

  private void write(long iova) {
    assertEquals(model.setDirty(iova), Answer.of(() -> domain.setDirty(iova)));
  }

  private void readDirty(long iova, long length, boolean clear) {
    List<Long> expected = new ArrayList<>();
    List<Long> extents = new ArrayList<>();
    ModelGather modelGather = new ModelGather(false);
    IotlbGather gather = new IotlbGather();
    DirtyRecorder recorder =
        (first, bytes) -> {
          extents.add(first);
          extents.add(bytes);
        };
    assertEquals(
        model.readDirty(iova, length, clear, expected, modelGather),
        Answer.of(() -> domain.readAndClearDirty(iova, length, clear, recorder, gather)));
    assertEquals(expected, extents);
    assertSameGather(modelGather, gather);
  }

  private static void assertSameGather(ModelGather expected, IotlbGather gather) {
    assertEquals(expected.start(), gather.start());
    assertEquals(expected.last(), gather.end());
    assertEquals(expected.tables(), gather.freelist().size());
  }

  private void assertSameState() {
    assertEquals(model.takeEvents(), machine.driver().takeAll());
    assertEquals(model.tables().topLevel(), domain.topLevel());
    assertEquals(model.tables().held(), domain.owner().liveBlocks());
    assertEquals(model.pageSizes(), domain.pageSizeBitmap());
  }

  private void assertSameAround(long iova, long length) {
    assertSameAt(iova - 1);
    assertSameAt(iova);
    assertSameAt(iova + 0x5bc);
    assertSameAt(iova + length / 2);
    assertSameAt(iova + length - 1);
    assertSameAt(iova + length);
    assertSameAt(0);
    assertSameAt(-1);
  }

  private void assertSameAt(long iova) {
    assertEquals(model.translate(iova), domain.translate(iova), () -> "at %#x".formatted(iova));
    long expected = model.iovaToPhys(iova);
    assertEquals(expected, domain.iovaToPhys(iova), () -> "at %#x".formatted(iova));
    if (isIncoherent()) {
      assertEquals(expected, walker.translate(iova), () -> "hardware at %#x".formatted(iova));
    }
  }

  /** Syncs everything, compares everything, and closes: nothing may be held afterwards. */
  void finish() {
    apply(new DomainOperation.Sync(Flush.GATHERED));
    apply(new DomainOperation.Sync(Flush.QUEUED));
    assertSameLeaves();
    ReachableTables.assertAllHeld(domain);
    domain.close();
    assertEquals(0, machine.pages().liveBlocks());
  }

  private void assertSameLeaves() {
    TableLeaves table = TableLeaves.of(domain.pageTable());
    assertEquals(List.of(), table.flaws());
    assertEquals(
        model.leaves(),
        table.leaves().stream()
            .map(leaf -> new Leaf(leaf.iova(), leaf.outputAddress(), leaf.sizeLg2()))
            .toList());
  }
}
