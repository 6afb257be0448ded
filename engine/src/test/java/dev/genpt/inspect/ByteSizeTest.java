package dev.genpt.inspect;

import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.error.Errno;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of bytes as people write them. */
final class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4096, 1000",
    "0x1000, 1000",
    "4K, 1000",
    "4k, 1000",
    "2M, 200000",
    "0x2M, 200000",
    "1G, 40000000",
    "1T, 10000000000",
    "0x1e, 1e",
    "0x1b, 1b",
    "1e, 1000000000000000",
    "0xffff_ffff_ffff_f000, fffffffffffff000",
    "18446744073709551615, ffffffffffffffff"
  })
  void readsDecimalHexadecimalAndUnits(String text, String value) {
    assertEquals(Long.parseUnsignedLong(value, 16), ByteSize.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "0x",
        "K",
        "0xK",
        "-1",
        "+1",
        "1.5M",
        "4KB",
        "16E",
        "0x1_0000_0000_0000_0000"
      })
  void refusesAnythingElseByName(String text) {
    String rule = assertRefused(Errno.EINVAL, () -> ByteSize.parse(text)).rule();
    assertEquals("\"" + text + "\" is not a number", rule.substring(0, rule.indexOf(':')));
  }

  @ParameterizedTest
  @CsvSource({"0, 1B", "12, 4K", "16, 64K", "21, 2M", "39, 512G", "51, 2P", "63, 8E", "64, 16E"})
  void writesPowersOfTwo(int sizeLg2, String text) {
    assertEquals(text, ByteSize.ofLg2(sizeLg2));
  }

  @ParameterizedTest
  @CsvSource({"0, 0B", "1000, 4K", "3000, 12K", "fff, 4095B", "8000000000000000, 8E"})
  void writesAnyNumberInItsLargestUnit(String bytes, String text) {
    assertEquals(text, ByteSize.of(Long.parseUnsignedLong(bytes, 16)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0             | ''
          40201000      | 4K, 2M, 1G
          40211000      | 4K, 64K, 2M, 1G
          7000          | 4K, 8K, 16K
          f000          | every power of two from 4K to 32K
          fff7ffffff000 | every power of two from 4K to 2P but 512G
          """)
  void saysTheSizesOfABitmap(String bitmap, String text) {
    assertEquals(text, ByteSize.ofBitmap(Long.parseUnsignedLong(bitmap, 16)));
  }
}
