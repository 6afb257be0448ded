package dev.genpt.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Kernels are found by the shape of their classes, and get what they can show. */
final class KernelTest {
  private static final String BUNDLE = FakeBundleKernel.class.getName();

  @BeforeEach
  void nothingWasSent() {
    FakeBundleKernel.SENT.clear();
    FakeBundleKernel.instance = new FakeBundleKernel();
    FakeRapaio.SENT.clear();
  }

  private static Kernel bundleKernel() {
    return BundleKernel.find("IJava", BUNDLE, "getKernelInstance").orElseThrow();
  }

  @Test
  void noKernelRunsATest() {
    assertEquals(Optional.empty(), Kernel.running());
  }

  @Test
  void aBundleGoesToTheKernelObject() {
    Kernel kernel = bundleKernel();
    kernel.display("text/html", "<b>x</b>");
    assertEquals("IJava", kernel.name());
    assertEquals(List.of("text/html <b>x</b>"), FakeBundleKernel.SENT);
  }

  @Test
  void whatTheKernelRefusesIsSaidInASentence() {
    Kernel kernel = bundleKernel();
    var problem =
        assertThrows(IllegalStateException.class, () -> kernel.display("html", "<b>x</b>"));
    assertEquals("IJava does not take html", problem.getMessage());
  }

  @Test
  void aKernelThatDoesNotRunIsNone() {
    FakeBundleKernel.instance = null;
    assertTrue(BundleKernel.find("IJava", BUNDLE, "getKernelInstance").isEmpty());
  }

  @Test
  void otherClassesAreNone() {
    assertTrue(BundleKernel.find("IJava", "java.lang.Runtime", "getRuntime").isEmpty());
    assertTrue(BundleKernel.find("IJava", "no.such.Class", "get").isEmpty());
    assertTrue(RapaioKernel.find("java.lang.Runtime").isEmpty());
  }

  @Test
  void rapaioTakesTheTypeFirst() {
    Kernel kernel = RapaioKernel.find(FakeRapaio.class.getName()).orElseThrow();
    kernel.display("image/png", "AAAA");
    assertEquals("rapaio", kernel.name());
    assertEquals(List.of("image/png AAAA"), FakeRapaio.SENT);
  }
}
