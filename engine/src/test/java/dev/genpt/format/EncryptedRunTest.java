package dev.genpt.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.LeafTemplate;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A run of leaves whose output addresses reach the memory-encryption bit: every word is what it is
 * alone.
 */
final class EncryptedRunTest {
  private static final int LEAVES = 8;
  private static final int PAGE_LG2 = 12;

  private final PhysicalMemory memory = PhysicalMemory.ofMebibytes(2);
  private final long table = allocate(new PageAllocator(memory));

  private static long allocate(PageAllocator pages) {
    return pages.allocate(pages.newOwner("table"), PAGE_LG2);
  }

  @ParameterizedTest
  @CsvSource({
    // The last addresses below the bit, then the first with it; and the way out of the bit again.
    "51, 0x7fffffffd000",
    "51, 0x7fffffffffc000",
    "51, 0x8000000000000",
    "47, 0x7fffffffc000",
    "47, 0xffffffffc000",
    "47, 0x1000",
    // A bit so low that a run passes it twice, and its ends look alike.
    "14, 0x2000"
  })
  void everyWordIsWhatItIsAlone(int encryptionBit, String firstAddress) {
    check(X86_64.DEFINITION, X86_64.ENCRYPT_TABLES, 3, encryptionBit, firstAddress);
    check(Amdv1.DEFINITION, Amdv1.ENCRYPT_TABLES, 3, encryptionBit, firstAddress);
  }

  private void check(
      FormatDefinition definition, Feature encrypt, int top, int bit, String firstAddress) {
    PageTableFormat format =
        definition.configure(new FormatConfig(encrypt.mask(), 48, 52, top, 1L << bit));
    long oa = Long.decode(firstAddress);
    PageTable pageTable = new PageTable(format, memory, 0, format.maxOaLg2());
    LeafTemplate template = pageTable.template(Protection.READ_WRITE);
    pageTable.level(0).installLeaves(table, 0, LEAVES, oa, PAGE_LG2, template);
    for (int i = 0; i < LEAVES; i++) {
      long alone = format.leafWord(oa + ((long) i << PAGE_LG2), PAGE_LG2, 0, template.attributes());
      assertEquals(alone, format.load(memory, table, i), definition.name() + ", item " + i);
    }
  }
}
