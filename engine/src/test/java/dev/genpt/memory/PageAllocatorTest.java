package dev.genpt.memory;

import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import org.junit.jupiter.api.Test;

/** The life of table pages: given, retired, freed, and who owns them. */
final class PageAllocatorTest {
  private final PhysicalMemory memory = PhysicalMemory.ofMebibytes(8);
  private final PageAllocator pages = new PageAllocator(memory);
  private final PageOwner owner = pages.newOwner("first");
  private final PageOwner other = pages.newOwner("second");

  @Test
  void blocksAreAlignedToTheirSize() {
    for (int size = 12; size <= 21; size++) {
      long pa = pages.allocate(owner, size);
      assertEquals(0, pa & ((1L << size) - 1), "2^" + size);
      assertTrue(memory.isRam(pa, 1L << size));
    }
  }

  @Test
  void smallSizesGetAPage() {
    long first = pages.allocate(owner, 0);
    long second = pages.allocate(owner, 5);
    assertEquals(0, first & 0xfff);
    assertEquals(0, second & 0xfff);
    assertNotEquals(first, second);
    assertEquals(0x2000, owner.liveBytes());
  }

  @Test
  void moreThan2MIsRefused() {
    assertRefused(Errno.EINVAL, () -> pages.allocate(owner, 22));
    assertEquals(0, pages.liveBlocks());
  }

  @Test
  void usedPagesComeBackZeroed() {
    long pa = pages.allocate(owner, 13);
    for (long at = pa; at < pa + 0x2000; at += 8) {
      memory.write64(at, -1);
    }
    pages.free(owner, pa);
    assertEquals(pa, pages.allocate(other, 13), "the freed block is used again");
    for (long at = pa; at < pa + 0x2000; at += 8) {
      assertEquals(0, memory.read64(at));
    }
  }

  @Test
  void everyOwnerHasAnAccount() {
    long mine = pages.allocate(owner, 12);
    pages.allocate(other, 14);
    assertEquals(1, owner.liveBlocks());
    assertEquals(0x1000, owner.liveBytes());
    assertEquals(0x4000, other.liveBytes());
    assertEquals(2, pages.liveBlocks());
    pages.free(owner, mine);
    assertEquals(0, owner.liveBlocks());
    assertEquals(0, owner.liveBytes());
  }

  @Test
  void onlyTheOwnerFreesAndOnlyOnce() {
    long pa = pages.allocate(owner, 13);
    assertRefused(Errno.EIO, () -> pages.free(other, pa));
    assertRefused(Errno.EIO, () -> pages.free(owner, pa + 0x1000));
    pages.free(owner, pa);
    assertRefused(Errno.EIO, () -> pages.free(owner, pa));
    assertRefused(Errno.EIO, () -> pages.free(owner, 0));
    assertRefused(Errno.EIO, () -> pages.free(owner, -0x1000));
    assertEquals(0, pages.liveBlocks());
  }

  @Test
  void isLiveMeansTheStartOfABlockOfThatOwner() {
    long pa = pages.allocate(owner, 13);
    assertTrue(pages.isLive(owner, pa));
    assertFalse(pages.isLive(other, pa));
    assertFalse(pages.isLive(owner, pa + 0x1000), "not its start");
    assertFalse(pages.isLive(owner, pa + 8), "not a page");
    assertFalse(pages.isLive(owner, 0), "not RAM");
    pages.free(owner, pa);
    assertFalse(pages.isLive(owner, pa));
  }

  @Test
  void retiredPagesKeepTheirContentsUntilTheyAreFreed() {
    PageList list = new PageList();
    long pa = pages.allocate(owner, 12);
    memory.write64(pa, 42);
    pages.retire(owner, pa, list);
    assertEquals(1, list.size());
    assertFalse(pages.isLive(owner, pa));
    assertEquals(42, memory.read64(pa));
    assertEquals(1, owner.liveBlocks(), "still held");
    assertNotEquals(pa, pages.allocate(owner, 12), "not given to anyone");
    pages.freeAll(list);
    assertTrue(list.isEmpty());
    assertEquals(1, owner.liveBlocks());
  }

  @Test
  void aPageIsRetiredOnceAndNotFreedBehindTheList() {
    PageList list = new PageList();
    long pa = pages.allocate(owner, 12);
    pages.retire(owner, pa, list);
    assertRefused(Errno.EIO, () -> pages.retire(owner, pa, list));
    assertRefused(Errno.EIO, () -> pages.free(owner, pa));
    assertRefused(Errno.EIO, () -> pages.retire(other, pa, new PageList()));
    assertEquals(1, list.size());
  }

  @Test
  void restoredPagesAreLiveAgain() {
    PageList list = new PageList();
    long first = pages.allocate(owner, 12);
    long second = pages.allocate(owner, 14);
    pages.retire(owner, first, list);
    pages.retire(owner, second, list);
    pages.restoreAll(list);
    assertTrue(list.isEmpty());
    assertTrue(pages.isLive(owner, first));
    assertTrue(pages.isLive(owner, second));
    pages.free(owner, second);
    assertEquals(0x1000, owner.liveBytes());
  }

  @Test
  void listsAreJoined() {
    PageList first = new PageList();
    PageList second = new PageList();
    pages.append(first, second);
    assertTrue(first.isEmpty());
    for (int i = 0; i < 3; i++) {
      pages.retire(owner, pages.allocate(owner, 12), first);
      pages.retire(owner, pages.allocate(owner, 12), second);
    }
    pages.append(first, second);
    assertEquals(6, first.size());
    assertTrue(second.isEmpty());
    pages.append(second, first);
    pages.freeAll(second);
    pages.checkNoLeaks();
  }

  @Test
  void closingAnAccountFreesLiveAndRetiredPages() {
    pages.allocate(owner, 12);
    pages.retire(owner, pages.allocate(owner, 13), new PageList());
    long kept = pages.allocate(other, 12);
    assertEquals(2, pages.freeOwner(owner));
    assertEquals(0, owner.liveBytes());
    assertTrue(pages.isLive(other, kept));
  }

  @Test
  void aListOutlivingItsAccountFreesNobodysPages() {
    PageList list = new PageList();
    pages.retire(owner, pages.allocate(owner, 12), list);
    pages.freeOwner(owner);
    long taken = pages.allocate(other, 12);
    assertRefused(Errno.EIO, () -> pages.freeAll(list));
    assertTrue(pages.isLive(other, taken));
  }

  @Test
  void theNthRequestFailsOnce() {
    pages.failRequest(3);
    pages.allocate(owner, 12);
    pages.allocate(owner, 12);
    assertRefused(Errno.ENOMEM, () -> pages.allocate(owner, 12));
    pages.allocate(owner, 12);
    pages.failRequest(1);
    pages.failRequest(0);
    pages.allocate(owner, 12);
    assertEquals(4, pages.liveBlocks());
  }

  @Test
  void leaksAreNamed() {
    pages.checkNoLeaks();
    long pa = pages.allocate(owner, 12);
    String message = assertThrows(IllegalStateException.class, pages::checkNoLeaks).toString();
    assertTrue(message.contains("%#x of first".formatted(pa)), message);
    pages.free(owner, pa);
    pages.checkNoLeaks();
  }
}
