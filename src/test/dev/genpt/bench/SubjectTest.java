package dev.genpt.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.genpt.error.IommuException;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.legacy.LegacyDomain;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each subject does what is timed as its work. */
final class SubjectTest {
  private static final int RUN = 256;

  static List<String> formatsWithOld() {
    return BenchFormat.ALL.stream()
        .filter(format -> !format.old().isEmpty())
        .map(BenchFormat::name)
        .toList();
  }

  static List<String> formats() {
    return Plan.formats();
  }

  private static BenchCase run(String format) {
    return new BenchCase(format, 12, RUN, Mode.DISCRETE, State.ALONE);
  }

  @ParameterizedTest
  @MethodSource("formatsWithOld")
  void theOldEngineMapsTheSame(String format) {
    Layout layout = Layout.of(run(format), 0);
    BenchFormat traits = BenchFormat.byName(format);
    IommuDomain generic = traits.newDomain(BenchFormat.newPages(), new CountingDriver());
    LegacyDomain old = traits.oldDomain(BenchFormat.newPages(), new CountingDriver());
    Subject newSubject = new NewSubject(generic, layout);
    Subject oldSubject = new OldSubject(old, layout);
    newSubject.map();
    oldSubject.map();
    for (int call = 0; call < layout.calls(); call++) {
      for (long at = 0; at < layout.length(); at += 0x1000) {
        long iova = layout.iova(call) + at;
        assertEquals(layout.pa() + at, generic.iovaToPhys(iova));
        assertEquals(layout.pa() + at, old.iovaToPhys(iova));
      }
    }
    assertEquals(newSubject.translate(), oldSubject.translate());
    newSubject.unmap();
    oldSubject.unmap();
    for (int call = 0; call < layout.calls(); call++) {
      assertEquals(IommuDomain.NO_TRANSLATION, generic.iovaToPhys(layout.iova(call)));
      assertEquals(0, old.iovaToPhys(layout.iova(call)));
    }
  }

  @ParameterizedTest
  @MethodSource("formatsWithOld")
  void everyUnmapIsInvalidatedOnce(String format) {
    Layout layout = Layout.of(run(format), 0);
    BenchFormat traits = BenchFormat.byName(format);
    CountingDriver driver = new CountingDriver();
    Subject generic = new NewSubject(traits.newDomain(BenchFormat.newPages(), driver), layout);
    generic.map();
    assertEquals(0, driver.invalidations());
    generic.unmap();
    assertEquals(layout.calls(), driver.invalidations());
    Subject old = new OldSubject(traits.oldDomain(BenchFormat.newPages(), driver), layout);
    old.map();
    old.unmap();
    assertEquals(2L * layout.calls(), driver.invalidations());
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyPhaseLeavesItsSubjectAsItWas(String format) {
    Plan.FULL.cases().stream()
        .filter(each -> each.format().equals(format) && each.count() <= RUN)
        .filter(each -> each.state() == State.ALONE)
        .forEach(SubjectTest::runPhases);
  }

  private static void runPhases(BenchCase each) {
    OpenCase open = new OpenCase(each);
    for (Phase phase : each.phases()) {
      Subject subject = open.subject(phase.engine(), 0);
      Operation operation = phase.operation();
      for (int turn = 0; turn < 2; turn++) {
        operation.begin(subject);
        for (int round = 0; round < 2; round++) {
          operation.before(subject);
          long found = operation.run(subject);
          operation.after(subject);
          if (operation == Operation.READ_DIRTY) {
            assertEquals((long) each.repeats() * each.count(), found, phase.toString());
          }
        }
        operation.end(subject);
      }
    }
  }

  /** The old engines overwrite, and count what was not there; that is what they did. */
  @Test
  void aCallThatDoesNotDoItsWorkEndsTheMeasurement() {
    OpenCase open = new OpenCase(run("amdv1"));
    Subject generic = open.subject(Engine.NEW, 0);
    assertThrows(IllegalStateException.class, generic::unmap);
    assertThrows(IllegalStateException.class, open.subject(Engine.LIMIT, 0)::unmap);
    generic.map();
    assertThrows(IommuException.class, generic::map);
  }

  @Test
  void growthGrowsTheRootOfEveryDomain() {
    BenchCase growth = new BenchCase("amdv1", 12, 1, Mode.GROWTH, State.ALONE);
    Layout layout = Layout.of(growth, 0).first();
    BenchFormat format = BenchFormat.byName("amdv1");
    IommuDomain domain = format.newDomain(BenchFormat.newPages(), new CountingDriver());
    LegacyDomain old = format.oldDomain(BenchFormat.newPages(), new CountingDriver());
    int topLevel = old.engine().topLevel();
    new NewSubject(domain, layout).map();
    new OldSubject(old, layout).map();
    assertEquals(format.firstTopLevel() + 1, domain.topLevel());
    assertEquals(topLevel + 1, old.engine().topLevel());
  }

  @Test
  void theLanesOfTwoThreadsShareOneDomain() {
    BenchCase two = new BenchCase("vtdss", 12, RUN, Mode.TWO_THREADS, State.ALONE);
    OpenCase open = new OpenCase(two);
    NewSubject first = (NewSubject) open.subject(Engine.NEW, 0);
    NewSubject second = (NewSubject) open.subject(Engine.NEW, 1);
    assertEquals(first.domain, second.domain);
    first.map();
    second.map();
    assertEquals(2, two.threads());
  }
}
