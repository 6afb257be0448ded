package dev.genpt.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.bits.Log2;
import dev.genpt.error.IommuException;
import dev.genpt.fixture.Machine;
import dev.genpt.inspect.WalkTrace.Outcome;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.EntryType;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random tables of every format against a plain list of mappings, and random words in them. */
final class RandomTablesTest {
  private static final int MEBIBYTES = 2;

  /**
   * A mapping to try.
   *
   * @param unit which page size it is made of, counted from the smallest
   * @param place which unit of that size it starts at
   * @param count how many units
   * @param target how many units further the output address is
   * @param write true if the device may write
   * @param written true if the device writes to its first byte
   */
  record Request(int unit, int place, int count, int target, boolean write, boolean written) {}

  /**
   * A word put into one of the tables.
   *
   * @param table which table, counted round
   * @param item which item of it; also which table the word points to, if it is a pointer
   * @param word the word, or what to change in a pointer
   * @param keepsAddress true for a pointer to a table that there is
   */
  record HostileWord(int table, int item, long word, boolean keepsAddress) {}

  @Provide
  Arbitrary<List<Request>> requests() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 11),
            Arbitraries.integers().between(0, 40),
            Arbitraries.integers().between(1, 20),
            Arbitraries.integers().between(0, 5),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false, false))
        .as(Request::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  @Provide
  Arbitrary<List<HostileWord>> hostileWords() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 20),
            Arbitraries.oneOf(
                Arbitraries.integers().between(0, 40), Arbitraries.integers().between(0, 511)),
            Arbitraries.longs(),
            Arbitraries.of(true, false))
        .as(HostileWord::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(30);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void theTraceAndTheTreeAgreeWithTheMappings(
      @ForAll(supplier = ExampleFormat.Any.class) ExampleFormat example,
      @ForAll("requests") List<Request> requests) {
    Machine machine = new Machine(MEBIBYTES);
    IommuDomain domain = example.domain(machine);
    List<MappedRange> mappings = map(domain, requests);
    for (MappedRange mapping : mappings) {
      for (long offset :
          new long[] {-1, 0, mapping.size() / 3, mapping.size() - 1, mapping.size()}) {
        assertSameTranslation(domain, mappings, mapping.iova() + offset);
      }
    }
    TableTree tree = TableTree.read(domain.pageTable());
    assertEquals(Machine.tablesOf(domain), tree.tables());
    assertEquals(0, tree.flaws());
    Unfolding unfolding = new Unfolding(domain.pageTable().format(), tree);
    assertEquals(MappedRange.joined(mappings), MappedRange.joined(unfolding.leaves()));
    assertSameWords(domain, unfolding);
    machine.closeAndCheck(domain);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void hostileWordsAreToldAndEndNothingElse(
      @ForAll(supplier = ExampleFormat.Any.class) ExampleFormat example,
      @ForAll("requests") List<Request> requests,
      @ForAll("hostileWords") List<HostileWord> words) {
    Machine machine = new Machine(MEBIBYTES);
    IommuDomain domain = example.domain(machine);
    map(domain, requests);
    PageTable table = domain.pageTable();
    poison(domain, words);
    TableTree tree = TableTree.read(table);
    assertSameWords(domain, new Unfolding(table.format(), tree));
    for (Request request : requests) {
      WalkTrace trace = WalkTrace.of(table, iovaOf(domain, request));
      assertTrue(trace.steps().size() <= table.format().geometry().maxTopLevel() + 1);
      Views.checkText(view -> view.walk(trace));
      Views.checkPicture(SvgView.walk(trace));
    }
    Views.check(tree);
    machine.closeAndCheck(domain);
  }

  /** Maps what is not refused. */
  private static List<MappedRange> map(IommuDomain domain, List<Request> requests) {
    List<MappedRange> mappings = new ArrayList<>();
    for (Request request : requests) {
      int unitLg2 = unitOf(domain, request);
      long iova = iovaOf(domain, request);
      long oa = Log2.mod(iova + ((long) request.target() << unitLg2), 40);
      long size = (long) request.count() << unitLg2;
      int protection = request.write() ? Protection.READ_WRITE : Protection.READ;
      try {
        domain.map(iova, oa, size, protection);
      } catch (IommuException refused) {
        continue;
      }
      if (request.written() && domain.pageTable().format().supportsDirty()) {
        domain.setDirty(iova);
      }
      mappings.add(new MappedRange(iova, oa, size, stored(domain, protection)));
    }
    return mappings;
  }

  /** The protection as the format stores it. */
  private static int stored(IommuDomain domain, int protection) {
    PageTableFormat format = domain.pageTable().format();
    int sizeLg2 = format.itemSizeLg2(0);
    return format.protectionOf(format.leafWord(0, sizeLg2, 0, format.attributesFor(protection)), 0);
  }

  private static int unitOf(IommuDomain domain, Request request) {
    long sizes = domain.pageSizeBitmap();
    for (int i = 0; i < request.unit() && Long.bitCount(sizes) > 1; i++) {
      sizes &= sizes - 1;
    }
    return Math.min(Log2.ffs(sizes), 30);
  }

  private static long iovaOf(IommuDomain domain, Request request) {
    return 0x40000000L + ((long) request.place() << unitOf(domain, request));
  }

  private static void poison(IommuDomain domain, List<HostileWord> words) {
    PageTable table = domain.pageTable();
    PhysicalMemory memory = table.memory();
    List<Long> tables =
        new Unfolding(table.format(), TableTree.read(table)).words().keySet().stream().toList();
    for (HostileWord hostile : words) {
      long address = tables.get(hostile.table() % tables.size()) + 8L * (hostile.item() & 0x1ff);
      long pointer = table.format().tableWord(tables.get(hostile.item() % tables.size()), 1);
      memory.write64(
          address, hostile.keepsAddress() ? pointer ^ (hostile.word() & 0xe00L) : hostile.word());
    }
  }

  private static void assertSameTranslation(
      IommuDomain domain, List<MappedRange> mappings, long iova) {
    long expected = MappedRange.translate(mappings, iova);
    assertEquals(expected, domain.iovaToPhys(iova));
    WalkTrace trace = WalkTrace.of(domain.pageTable(), iova);
    if (expected == IommuDomain.NO_TRANSLATION) {
      assertInstanceOf(Outcome.NotMapped.class, trace.outcome());
    } else {
      assertEquals(
          expected, assertInstanceOf(Outcome.Mapped.class, trace.outcome()).outputAddress());
    }
  }

  /** The items of one leaf may differ in the mark of a write; all else is told to the bit. */
  private static void assertSameWords(IommuDomain domain, Unfolding unfolding) {
    PageTableFormat format = domain.pageTable().format();
    PhysicalMemory memory = domain.pageTable().memory();
    unfolding
        .words()
        .forEach((table, words) -> {
          for (int i = 0; i < words.length; i++) {
            long word = memory.read64(table + 8L * i);
            if (format.supportsDirty()
                && word == format.cleaned(words[i])
                && isShared(format, word)) {
              continue;
            }
            int index = i;
            assertEquals(
                word, words[i], () -> "item %d of the table at %#x".formatted(index, table));
          }
        });
  }

  private static boolean isShared(PageTableFormat format, long word) {
    for (int level = 0; level < format.geometry().maxTopLevel(); level++) {
      if (format.typeOf(word, level) == EntryType.LEAF && format.contigLg2(word, level) > 0) {
        return true;
      }
    }
    return false;
  }
}
