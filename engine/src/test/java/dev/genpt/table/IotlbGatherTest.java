package dev.genpt.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The range of a pending invalidation. */
final class IotlbGatherTest {
  private final IotlbGather gather = new IotlbGather();

  @Test
  void startsWithoutARange() {
    assertTrue(gather.isEmpty());
    assertTrue(gather.freelist().isEmpty());
    assertEquals(-1, gather.start());
    assertEquals(0, gather.end());
    assertFalse(gather.queued());
    assertTrue(new IotlbGather(true).queued());
  }

  @Test
  void coversAllThatWasAdded() {
    gather.addRange(0x5000, 0x1000);
    gather.addRange(0x1000, 0x2000);
    gather.addRange(0x9000, 0x1000);
    assertEquals(0x1000, gather.start());
    assertEquals(0x9fff, gather.end());
    gather.resetRange();
    assertTrue(gather.isEmpty());
  }

  @Test
  void comparesAddressesUnsigned() {
    gather.addRange(0x8000_0000_0000_0000L, 0x1000);
    gather.addRange(0x1000, 0x1000);
    assertEquals(0x1000, gather.start());
    assertEquals(0x8000_0000_0000_0fffL, gather.end());
  }

  @Test
  void nothingIsDisjointFromAnEmptyGather() {
    assertFalse(gather.isDisjoint(0, 0x1000));
    assertFalse(gather.isDisjoint(0xffff_ffff_ffff_f000L, 0x1000));
  }

  @Test
  void neighboursAndOverlapsAreNotDisjoint() {
    gather.addRange(0x4000, 0x2000);
    assertFalse(gather.isDisjoint(0x3000, 0x1000), "touches from below");
    assertFalse(gather.isDisjoint(0x6000, 0x1000), "touches from above");
    assertFalse(gather.isDisjoint(0x5000, 0x1000), "inside");
    assertFalse(gather.isDisjoint(0, 0x10000), "around");
    assertTrue(gather.isDisjoint(0x2000, 0x1000), "a page below");
    assertTrue(gather.isDisjoint(0x7000, 0x1000), "a page above");
  }

  @Test
  void theTopOfTheSpaceDoesNotWrap() {
    gather.addRange(0xffff_ffff_ffff_f000L, 0x1000);
    assertEquals(-1, gather.end());
    assertFalse(gather.isDisjoint(0xffff_ffff_ffff_f000L, 0x1000), "the same range");
    assertFalse(gather.isDisjoint(0xffff_ffff_ffff_e000L, 0x1000));
    assertTrue(gather.isDisjoint(0, 0x1000), "the bottom is not next to the top");
    assertTrue(gather.isDisjoint(0xffff_ffff_ffff_d000L, 0x1000));
  }

  @Test
  void theTopOfTheSpaceIsDisjointFromTheBottom() {
    gather.addRange(0, 0x1000);
    assertTrue(gather.isDisjoint(0xffff_ffff_ffff_f000L, 0x1000));
  }
}
