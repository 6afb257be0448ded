package dev.genpt.iommu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.fixture.Leaf;
import dev.genpt.fixture.Machine;
import dev.genpt.table.IotlbGather;
import dev.genpt.table.Protection;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Random sequences of operations on AMDv1 against a sorted map: mixed sizes, near the edges of
 * tables, roots and the space. {@code -Dgenpt.property.tries=N} makes it longer.
 */
final class RandomSequencesTest {
  private static final long[] EDGES = {
    0, 1L << 21, 1L << 30, 1L << 38, 1L << 39, 1L << 48, 1L << 57, Long.MIN_VALUE, -(1L << 30)
  };

  /** A range near an edge: some units on either side, and some small pages more at both ends. */
  private record Place(long iova, long length, int unitLg2) {}

  @Property(edgeCases = EdgeCasesMode.NONE)
  void growingOverAll64Bits(@ForAll("sequences") List<DomainOperation> operations) {
    check(64, operations);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void growingTo48Bits(@ForAll("sequences") List<DomainOperation> operations) {
    check(48, operations);
  }

  @Provide
  Arbitrary<List<DomainOperation>> sequences() {
    return Arbitraries.frequencyOf(
            Tuple.of(5, maps()),
            Tuple.of(2, unmaps()),
            Tuple.of(4, unmapsOfLeaves()),
            Tuple.of(2, writes()),
            Tuple.of(1, dirtyReads()))
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }

  private static Arbitrary<Place> places() {
    return Combinators.combine(
            Arbitraries.of(12, 12, 13, 16, 20, 21, 21, 22, 29, 30, 31, 38, 39, 40, 48, 51),
            Arbitraries.integers().between(0, EDGES.length - 1),
            Arbitraries.longs().between(-4, 4),
            Arbitraries.longs().between(1, 9),
            Arbitraries.longs().between(0, 3),
            Arbitraries.longs().between(0, 3))
        .as((unit, edge, units, count, head, tail) ->
            new Place(
                Log2.alignDown(EDGES[edge], unit) + (units << unit) - (head << 12),
                (count << unit) + ((head + tail) << 12),
                unit));
  }

  /** Output addresses that agree with the input up to the unit; sometimes beyond the end. */
  private static Arbitrary<DomainOperation> maps() {
    return Combinators.combine(
            places(),
            Arbitraries.longs().between(0, 40),
            Arbitraries.frequency(
                Tuple.of(20, 0L),
                Tuple.of(1, 0x800L),
                Tuple.of(1, 1L << 52),
                Tuple.of(1, (1L << 52) - 0x3000)))
        .as((place, units, extra) ->
            new DomainOperation.MapRange(
                place.iova,
                Log2.mod(Log2.mod(place.iova, place.unitLg2) + (units << place.unitLg2), 52)
                    + extra,
                place.length));
  }

  private static Arbitrary<DomainOperation> unmaps() {
    return places().map(place -> new DomainOperation.UnmapRange(place.iova, place.length));
  }

  private static Arbitrary<DomainOperation> unmapsOfLeaves() {
    return Combinators.combine(Arbitraries.integers().between(0, 1 << 20), places())
        .as((pick, place) -> new DomainOperation.UnmapLeaf(pick, place.length));
  }

  private static Arbitrary<DomainOperation> writes() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 1 << 20), Arbitraries.longs().greaterOrEqual(0))
        .as(DomainOperation.Write::new);
  }

  private static Arbitrary<DomainOperation> dirtyReads() {
    return places().map(place -> new DomainOperation.ReadDirty(place.iova, place.length));
  }

  private static void check(int width, List<DomainOperation> operations) {
    Machine machine = new Machine();
    IommuDomain domain = machine.amdv1(config -> config.widths(width, 52));
    SortedMapModel model = new SortedMapModel(domain.pageSizeBitmap(), width);
    for (DomainOperation operation : operations) {
      apply(domain, model, operation);
    }
    assertSameLeaves(domain, model);
    machine.closeAndCheck(domain);
  }

  private static void apply(IommuDomain domain, SortedMapModel model, DomainOperation operation) {
    switch (operation) {
      case DomainOperation.MapRange(long iova, long pa, long length) -> {
        assertEquals(model.map(iova, pa, length), map(domain, iova, pa, length));
        assertEquals(model.topLevel(), domain.topLevel());
        assertSameAround(domain, model, iova, length);
      }
      case DomainOperation.UnmapRange(long iova, long length) -> unmap(domain, model, iova, length);
      case DomainOperation.UnmapLeaf(int pick, long length) -> {
        if (!model.leaves().isEmpty()) {
          unmap(domain, model, pick(model, pick).getKey().longValue(), length);
        }
      }
      case DomainOperation.Write(int pick, long offset) -> {
        if (!model.leaves().isEmpty()) {
          Map.Entry<BigInteger, SortedMapModel.Leaf> leaf = pick(model, pick);
          model.write(leaf.getKey());
          domain.setDirty(leaf.getKey().longValue() + Log2.mod(offset, leaf.getValue().sizeLg2()));
        }
      }
      case DomainOperation.ReadDirty(long iova, long length) -> {
        long last = iova + length - 1;
        if (Long.compareUnsigned(iova, last) < 0
            && Long.compareUnsigned(last, model.lastVa()) <= 0) {
          readDirty(domain, model, iova, length);
        }
      }
    }
  }

  private static Map.Entry<BigInteger, SortedMapModel.Leaf> pick(SortedMapModel model, int pick) {
    return List.copyOf(model.leaves().entrySet()).get(pick % model.leaves().size());
  }

  private static Optional<Errno> map(IommuDomain domain, long iova, long pa, long length) {
    try {
      domain.map(iova, pa, length, Protection.READ_WRITE);
      return Optional.empty();
    } catch (IommuException e) {
      assertEquals(0, e.bytesDone());
      return Optional.of(e.errno());
    }
  }

  private static void unmap(IommuDomain domain, SortedMapModel model, long iova, long length) {
    IotlbGather gather = new IotlbGather();
    long expected = model.unmap(iova, length);
    assertEquals(expected, domain.unmap(iova, length, gather));
    assertEquals(expected == 0 ? -1 : iova, gather.start());
    assertEquals(expected == 0 ? 0 : iova + expected - 1, gather.end());
    domain.sync(gather);
    assertSameAround(domain, model, iova, length);
  }

  private static void readDirty(IommuDomain domain, SortedMapModel model, long iova, long length) {
    List<Long> extents = new ArrayList<>();
    DirtyRecorder recorder =
        (first, bytes) -> {
          extents.add(first);
          extents.add(bytes);
        };
    domain.readAndClearDirty(iova, length, true, recorder, new IotlbGather());
    assertEquals(model.readAndClearDirty(iova, length), extents);
  }

  private static void assertSameAround(
      IommuDomain domain, SortedMapModel model, long iova, long length) {
    for (long at :
        new long[] {
          iova - 1, iova, iova + 0xabc, iova + length / 2, iova + length - 1, iova + length, 0, -1
        }) {
      assertEquals(model.translate(at), domain.iovaToPhys(at), () -> "at %#x".formatted(at));
    }
  }

  private static void assertSameLeaves(IommuDomain domain, SortedMapModel model) {
    List<Leaf> expected = new ArrayList<>();
    model
        .leaves()
        .forEach((iova, leaf) ->
            expected.add(new Leaf(iova.longValue(), leaf.oa().longValue(), leaf.sizeLg2())));
    assertEquals(expected, Leaf.of(domain, 0, model.lastVa()));
  }
}
