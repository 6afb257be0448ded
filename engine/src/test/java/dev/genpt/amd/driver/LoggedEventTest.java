package dev.genpt.amd.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Event log entries in plain words. */
final class LoggedEventTest {
  /** The entry of four 32-bit words, the lowest first. */
  static LoggedEvent event(String words) {
    long[] parts = new long[4];
    String[] texts = words.split(" ", -1);
    for (int i = 0; i < parts.length; i++) {
      parts[i] = Long.parseLong(texts[i], 16);
    }
    return new LoggedEvent(parts[0] | (parts[1] << 32), parts[2] | (parts[3] << 32));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "00000300 20200042 deadb000 00000000 | domain 0x42, tried to write to 0xdeadb000: nothing is mapped there",
        "00000300 20000042 deadb000 00000000 | domain 0x42, tried to read from 0xdeadb000: nothing is mapped there",
        "00000300 20700042 deadb000 00000000 | domain 0x42, tried to write to 0xdeadb000: the mapping does not allow it",
        "00000300 20100042 deadb000 00000000 | domain 0x42, tried to read from 0xdeadb000: a table entry has a level or size that can't be, or the address is beyond the table",
        "00000300 20b00042 deadb000 00000000 | domain 0x42, tried to write to 0xdeadb000: a table entry has reserved bits set",
        "00000300 20200000 deadb000 00000000 | domain 0x0, tried to write to 0xdeadb000: it has no address space",
        "00010300 20252345 deadb000 00000000 | PASID 0x12345, tried to write to 0xdeadb000: nothing is mapped there",
        "00000300 10a00000 deadb000 00000000 | domain 0x0, tried to write to 0xdeadb000: its device table entry has reserved bits set",
      })
  void requestsAreExplained(String words, String explained) {
    assertEquals("device 0000:03:00.0, " + explained, event(words).explain(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "00000300 34000000 10006000 00000000 | device 0000:03:00.0: its device table entry at 0x10006000 can't be read, a target abort",
        "00000300 44000042 02222008 00000000 | device 0000:03:00.0, domain 0x42: the table entry at 0x2222008 can't be read, a target abort",
        "00000000 50000000 20000010 00000000 | the command at 0x20000010 can't be: the ring has stopped",
        "00000000 66000000 20000010 00000000 | a command needs 0x20000010, which can't be reached, a data error: the ring has stopped",
        "00000300 70000000 20000010 00000000 | device 0000:03:00.0 did not answer the invalidation of its own cache, command at 0x20000010",
        "00000300 80000000 fee01000 00000000 | device 0000:03:00.0 must not use 0xfee01000: a read in the interrupt range",
        "00000300 f0000000 00000000 00000000 | an event of unknown code, words 00000300 f0000000 00000000 00000000",
      })
  void otherEventsAreExplained(String words, String explained) {
    assertEquals(explained, event(words).explain(0));
  }
}
