package dev.genpt.iommu;

import dev.genpt.bits.Log2;
import dev.genpt.fixture.DomainSetup;
import dev.genpt.iommu.DomainOperation.Flush;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Random operations for one setup, most of them near an edge: of a table of some level, of a root,
 * of either half, of the space; for output addresses, of what the table can hold.
 */
final class OperationSource {
  private static final List<Flush> FLUSHES = List.of(Flush.values());

  private static final int[] PROTECTIONS = {
    Protection.READ,
    Protection.WRITE,
    Protection.READ | Protection.MMIO,
    Protection.WRITE | Protection.NOEXEC | Protection.PRIV,
    Protection.READ_WRITE | Protection.NOEXEC | Protection.CACHE,
    Protection.NOEXEC | Protection.CACHE,
    0
  };

  private final DomainSetup setup;
  private final SplittableRandom random;
  private final List<Integer> edges = new ArrayList<>();
  private final int[] units;

  /** The operations of a seed. */
  OperationSource(DomainSetup setup, long seed) {
    this.setup = setup;
    random = new SplittableRandom(seed);
    for (int level = 0; level <= setup.lastTopLevel(); level++) {
      edges.add(setup.itemSizeLg2(level + 1));
    }
    int width = setup.widthLg2(setup.lastTopLevel());
    edges.add(width);
    edges.add(width - 1);
    units =
        IntStream.range(0, Long.SIZE).filter(bit -> (setup.pageSizes() >>> bit & 1) != 0).toArray();
  }

  /** A sequence of 1 to {@code most} operations. */
  List<DomainOperation> sequence(int most) {
    List<DomainOperation> operations = new ArrayList<>();
    int count = 1 + random.nextInt(most);
    for (int i = 0; i < count; i++) {
      operations.add(next());
    }
    return operations;
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  private DomainOperation next() {
    return switch (random.nextInt(64)) {
      case 0 -> new DomainOperation.Narrow(sizesToKeep());
      case 1, 2 -> new DomainOperation.Sync(oneIn(2) ? Flush.GATHERED : Flush.QUEUED);
      case 3, 4, 5 -> new DomainOperation.FailRequest(1 + random.nextInt(6));
      case 6 -> new DomainOperation.Write(place().iova);
      case 7, 8, 9, 10, 11, 12, 13 ->
          new DomainOperation.WriteLeaf(random.nextInt(1 << 20), random.nextLong());
      case 14, 15, 16, 17, 18 -> {
        Place place = place();
        yield new DomainOperation.ReadDirty(place.iova, place.length, oneIn(2));
      }
      case 19, 20, 21, 22, 23, 24, 25, 26, 27, 28 -> {
        Place place = place();
        yield new DomainOperation.UnmapRange(place.iova, place.length, flush());
      }
      case 29, 30, 31, 32, 33, 34, 35, 36, 37, 38 ->
          new DomainOperation.UnmapLeaf(random.nextInt(1 << 20), place().length, flush());
      default -> map();
    };
  }

  private Flush flush() {
    return FLUSHES.get(random.nextInt(FLUSHES.size()));
  }

  private long sizesToKeep() {
    long one = 1L << units[random.nextInt(units.length)];
    return switch (random.nextInt(5)) {
      case 0 -> one;
      case 1 -> random.nextLong();
      case 2 -> ~(one | one >>> 9 | one << 9);
      default -> ~one;
    };
  }

  /** A range: some units, and some small pages more at both ends. */
  private record Place(long iova, long length, int unitLg2) {}

  private Place place() {
    int unit =
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> setup.itemSizeLg2(random.nextInt(setup.lastTopLevel() + 1));
          case 3 -> setup.granuleLg2() + random.nextInt(24);
          default -> units[random.nextInt(units.length)];
        };
    int edge = edges.get(random.nextInt(edges.size()));
    long base = Log2.alignDown(oneIn(3) ? 0 : oneIn(6) ? -1L << edge : Log2.toValue(edge), unit);
    int granule = setup.granuleLg2();
    long head = oneIn(3) ? random.nextInt(4) : 0;
    long tail = oneIn(3) ? random.nextInt(4) : 0;
    long iova = base + ((random.nextLong(9) - 4) << unit) - (head << granule);
    long length = ((1 + random.nextLong(9)) << unit) + ((head + tail) << granule);
    return switch (random.nextInt(60)) {
      case 0 -> new Place(iova + (1L << (granule - 1)), length, unit);
      case 1 -> new Place(iova, length + (1L << (granule - 1)), unit);
      case 2 -> new Place(iova, 0, unit);
      case 3 -> new Place(iova, random.nextLong(), unit);
      default -> new Place(iova, length, unit);
    };
  }

  private DomainOperation map() {
    Place place = place();
    long offset = Log2.mod(place.iova, place.unitLg2);
    long units = random.nextLong(40) << place.unitLg2;
    int oaLg2 = setup.oaLg2();
    long aligned = Log2.mod(units + offset, oaLg2);
    long pa =
        switch (random.nextInt(24)) {
          case 0 -> aligned + (1L << (setup.granuleLg2() - 1));
          case 1 -> aligned + (1L << oaLg2);
          case 2 -> random.nextLong();
          case 3, 4 -> (1L << oaLg2) - Math.max(units, 1L << place.unitLg2) + offset;
          case 5 -> (1L << oaLg2) - place.length;
          case 6, 7, 8, 9, 10 -> aligned + (1L << setup.granuleLg2());
          default -> aligned;
        };
    int protection =
        oneIn(4) ? PROTECTIONS[random.nextInt(PROTECTIONS.length)] : Protection.READ_WRITE;
    return new DomainOperation.MapRange(place.iova, pa, place.length, protection, !oneIn(5));
  }
}
