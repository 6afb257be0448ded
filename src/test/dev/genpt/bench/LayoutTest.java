package dev.genpt.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.bits.Log2;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.iommu.Translation;
import dev.genpt.memory.PageAllocator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the calls of every case lie, seen on the generic page table. */
final class LayoutTest {
  static List<String> formats() {
    return Plan.formats();
  }

  private static List<BenchCase> cases(String format) {
    return Plan.FULL.cases().stream().filter(each -> each.format().equals(format)).toList();
  }

  @ParameterizedTest
  @MethodSource("formats")
  void entriesHaveTheSizeOfTheCaseUnlessTheyMayMerge(String format) {
    for (BenchCase each : cases(format)) {
      Layout layout = place(each);
      IommuDomain domain = newDomain(each);
      new NewSubject(domain, layout).map();
      for (int call = 0; call < layout.calls(); call++) {
        long iova = layout.iova(call);
        Translation.Mapped first = (Translation.Mapped) domain.translate(iova);
        assertEquals(layout.pa(), first.oa(), each.id());
        if (each.mode() == Mode.CONTIGUOUS) {
          assertTrue(first.pageSizeLg2() >= each.pageSizeLg2(), each.id());
        } else {
          assertEquals(each.pageSizeLg2(), first.pageSizeLg2(), each.id());
        }
        Translation last = domain.translate(iova + layout.length() - 1);
        assertEquals(
            new Translation.Mapped(
                layout.pa() + layout.length() - 1,
                first.pageSizeLg2(),
                first.level(),
                first.protection()),
            last,
            each.id());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void aRunMergesWhereTheFormatCan(String format) {
    IommuDomain domain = newDomain(new BenchCase(format, 12, 256, Mode.CONTIGUOUS, State.ALONE));
    Layout layout = Layout.of(new BenchCase(format, 12, 256, Mode.CONTIGUOUS, State.ALONE), 0);
    new NewSubject(domain, layout).map();
    long upToRun = domain.pageSizeBitmap() & Log2.toMax(21);
    Translation.Mapped first = (Translation.Mapped) domain.translate(layout.iova(0));
    assertEquals(Long.highestOneBit(upToRun), Log2.toValue(first.pageSizeLg2()));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void callsMakeAndFreeTablesOnlyWhereTheLayoutSaysSo(String format) {
    for (BenchCase each : cases(format)) {
      Layout layout = place(each);
      IommuDomain domain = newDomain(each);
      Subject subject = new NewSubject(domain, layout);
      if (each.mode() != Mode.GROWTH) {
        subject.map();
        subject.unmap();
      }
      int before = domain.owner().liveBlocks();
      subject.map();
      int made = domain.owner().liveBlocks() - before;
      assertEquals(layout.calls() * layout.tables(), made, each.id());
      if (each.mode() != Mode.GROWTH) {
        subject.unmap();
        assertEquals(before, domain.owner().liveBlocks(), each.id());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void placesOfCallsAndThreadsDoNotOverlap(String format) {
    for (BenchCase each : cases(format)) {
      Layout first = place(each);
      assertTrue(first.calls() == 1 || first.stride() >= first.length(), each.id());
      if (each.threads() > 1) {
        assertTrue(first.lastIova() < Layout.of(each, 1).firstIova(), each.id());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void aGigabyteMakesFiveHundredAndTwelveTablesInOneCall(String format) {
    Layout layout = Layout.of(new BenchCase(format, 12, 1 << 18, Mode.DISCRETE, State.ALONE), 0);
    assertEquals(1, layout.calls());
    assertEquals(512, layout.tables());
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everySizeOfTheFormatIsMeasured(String format) {
    Set<Integer> measured = new TreeSet<>();
    for (BenchCase each : cases(format)) {
      if (each.mode() == Mode.DISCRETE && each.count() == 1) {
        measured.add(each.pageSizeLg2());
      }
    }
    Set<Integer> sizes = new TreeSet<>();
    long bitmap = newDomain(cases(format).getFirst()).pageSizeBitmap();
    for (int sizeLg2 = 0; sizeLg2 < 40; sizeLg2++) {
      if ((bitmap & Log2.toValue(sizeLg2)) != 0) {
        sizes.add(sizeLg2);
      }
    }
    assertEquals(sizes, measured);
  }

  /** Where the calls lie on one domain. */
  private static Layout place(BenchCase each) {
    Layout layout = Layout.of(each, 0);
    return each.mode() == Mode.GROWTH ? layout.first() : layout;
  }

  private static IommuDomain newDomain(BenchCase each) {
    PageAllocator pages = BenchFormat.newPages();
    return BenchFormat.byName(each.format()).newDomain(pages, new CountingDriver());
  }
}
