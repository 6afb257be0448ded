package dev.genpt.table;

import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import org.junit.jupiter.api.Test;

/** Protections as bits and as text. */
final class ProtectionTest {
  @Test
  void haveTheValuesOfLinux() {
    assertEquals(1, Protection.READ);
    assertEquals(2, Protection.WRITE);
    assertEquals(4, Protection.CACHE);
    assertEquals(8, Protection.NOEXEC);
    assertEquals(0x10, Protection.MMIO);
    assertEquals(0x20, Protection.PRIV);
  }

  @Test
  void everyCombinationReadsBackFromItsText() {
    for (int prot = 0; prot < 0x40; prot++) {
      assertEquals(prot, Protection.parse(Protection.describe(prot)));
    }
  }

  @Test
  void anUnknownWordIsRefusedByName() {
    assertTrue(
        assertRefused(Errno.EINVAL, () -> Protection.parse("rw,fast")).rule().contains("\"fast\""));
  }
}
