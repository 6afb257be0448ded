package dev.genpt.snapshots;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One thing is changed in an image, and the first message names the place. */
final class SabotageTest {
  /** The level-0 table that holds the first mapping of device 00:03.0. */
  private static final long LEAVES = 0x550_8000;

  /** The root of device 00:03.0. */
  private static final long ROOT = 0x227_0000;

  /** The first page of the device table; the entry of device 00:03.0 begins at word 96. */
  private static final long DEVICE_TABLE = 0x122_4000;

  @TempDir private Path folder;

  /** A change of image {@code amdv1-a} and the first message about it. */
  record Sabotage(String name, Consumer<Image> change, String message) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Sabotage> sabotages() {
    return List.of(
        new Sabotage(
            "a leaf word leads elsewhere",
            image -> image.setWord(LEAVES, 120, 0x5000_0000_0778_8001L),
            "expect[0]: iova 0xfec78000: output address 0x7788000, expected 0x7787000; word"
                + " 0x5000000007788001, expected 0x5000000007787001 (level-0 table 0x5508000, item"
                + " 120, word 0x5000000007788001)"),
        new Sabotage(
            "an ignored bit of a leaf word",
            image -> image.setWord(LEAVES, 120, 0x5000_0000_0778_7003L),
            "expect[0]: iova 0xfec78000: word 0x5000000007787003, expected 0x5000000007787001"
                + " (level-0 table 0x5508000, item 120, word 0x5000000007787003)"),
        new Sabotage(
            "a leaf is gone",
            image -> image.setWord(LEAVES, 120, 0),
            "expect[0]: iova 0xfec78000: no leaf begins there; the walk ends at an empty item of"
                + " level 0"),
        new Sabotage(
            "a row of expect is missing",
            image -> image.rows("expect").remove(5),
            "iova 0xfec7d000: no row of expect has this 4K leaf to 0x778c000, w (level-0 table"
                + " 0x5508000, item 125, word 0x500000000778c001)"),
        new Sabotage(
            "a row of expect too many",
            image ->
                image.rows("expect").add(image.row("expect", 5).deepCopy().put("iova", "1000")),
            "expect[2386]: iova 0x1000: no leaf begins there; the walk ends at an empty item of"
                + " level 2"),
        new Sabotage(
            "a row of expect twice",
            image -> image.rows("expect").add(image.row("expect", 5).deepCopy()),
            "expect[2386]: iova 0xfec7d000 has a row already, expect[5]"),
        new Sabotage(
            "another size",
            image -> image.row("expect", 5).put("size_lg2", 13),
            "expect[5]: iova 0xfec7d000: 4K, expected 8K (level-0 table 0x5508000, item 125, word"
                + " 0x500000000778c001)"),
        new Sabotage(
            "another permission",
            image -> image.row("expect", 5).put("read", true),
            "expect[5]: iova 0xfec7d000: protection w, expected rw (level-0 table 0x5508000, item"
                + " 125, word 0x500000000778c001)"),
        new Sabotage(
            "another level",
            image -> image.row("expect", 5).put("level", 1),
            "expect[5]: iova 0xfec7d000: level 0, expected 1 (level-0 table 0x5508000, item 125,"
                + " word 0x500000000778c001)"),
        new Sabotage(
            "a fault that translates",
            image -> image.row("faults", 5).put("iova", "fec7d123"),
            "faults[5]: iova 0xfec7d123 should give a fault (not mapped), but it goes to 0x778c123,"
                + " in a 4K leaf to 0x778c000, w"),
        new Sabotage(
            "a pointer out of the regions",
            image -> image.setWord(ROOT, 3, 0x6000_0400_0000_0401L),
            "iova 0xc0000000: table address 0x40000000000 is outside RAM (level-2 table 0x2270000,"
                + " item 3, word 0x6000040000000401)"),
        new Sabotage(
            "a pointer that skips a level",
            image -> image.setWord(ROOT, 3, image.word(ROOT, 3) - 0x200),
            "iova 0xc0000000: NL is 1, a pointer in a level-2 table needs 2 (level-2 table"
                + " 0x2270000, item 3, word 0x60000000029a9201)"),
        new Sabotage(
            "a pointer that takes the right to write",
            image -> image.setWord(ROOT, 3, image.word(ROOT, 3) & ~(1L << 62)),
            "expect[0]: iova 0xfec78000: protection none, expected w (level-0 table 0x5508000, item"
                + " 120, word 0x5000000007787001)"),
        new Sabotage(
            "the root's page is not in the image",
            image -> image.row("roots", 1).put("top_pa", "4000"),
            "the device-table entry of 00:03.0 has root 0x2270000, roots[1] says 0x4000"),
        new Sabotage(
            "another root in the device table",
            image -> image.setWord(DEVICE_TABLE, 96, 0x6000_0000_0227_2603L),
            "the device-table entry of 00:03.0 has root 0x2272000, roots[1] says 0x2270000"),
        new Sabotage(
            "a device-table entry that is not valid",
            image -> image.setWord(DEVICE_TABLE, 96, 0),
            "the registers lead to no table of 00:03.0: its entry at 0x1224300: V is 0 and TV is"
                + " 0"),
        new Sabotage(
            "a device-table entry with a reserved bit",
            image -> image.setWord(DEVICE_TABLE, 96, 0x6000_0000_0227_0607L),
            "the registers lead to no table of 00:03.0: its entry at 0x1224300: reserved bits are"
                + " set"),
        new Sabotage(
            "a device-table entry with a guest table",
            image -> image.setWord(DEVICE_TABLE, 96, 0x6080_0000_0227_0603L),
            "the registers lead to no table of 00:03.0: its entry at 0x1224300: GV is 1: guest"
                + " tables are not read here"),
        new Sabotage(
            "a device-table entry of seven levels",
            image -> image.setWord(DEVICE_TABLE, 96, 0x6000_0000_0227_0e03L),
            "the registers lead to no table of 00:03.0: its entry at 0x1224300: Mode is 7"),
        new Sabotage(
            "another domain",
            image -> image.setWord(DEVICE_TABLE, 97, 9),
            "the device-table entry of 00:03.0 has DomainID 0x9, roots[1] says 0x3"),
        new Sabotage(
            "a device table out of the regions",
            image -> registers(image).put("DeviceTableBase", "7000001"),
            "the registers lead to no table of 00:00.0: its entry at 0x7000000 is outside RAM"),
        new Sabotage(
            "a device table that is too short",
            image -> registers(image).put("DeviceTableBase", "1224000"),
            "the registers lead to no table of 00:1f.0: DeviceTableBase is 0x1224000: the table has"
                + " 128 entries, the device would be number 248"),
        new Sabotage(
            "the IOMMU is off",
            image -> registers(image).put("Control", "3148e"),
            "the registers lead to no table of 00:00.0: Control is 0x3148e: the IOMMU is off"),
        new Sabotage(
            "hardware of four levels, which takes no table of six",
            image -> registers(image).put("ExtendedFeatures", "21d3"),
            "expect[1825]: the simulated IOMMU makes of a read of 0x0: event 00000028 10000000"
                + " 00000000 00000000"),
        new Sabotage(
            "a device table in segments",
            image -> registers(image).put("Control", "40003148f"),
            "the registers lead to no table of 00:00.0: Control is 0x40003148f: a device table in"
                + " segments is not read here"),
        new Sabotage(
            "a table that no row of roots has",
            image -> image.setWord(DEVICE_TABLE, 16, 0x6000_0000_0227_0603L),
            "the registers lead to a table of 00:00.4 at 0x2270000, which has no row in roots"),
        new Sabotage(
            "another number of levels",
            image -> image.row("roots", 3).put("mode", 5),
            "roots[3]: mode 5 does not go with top_level 5"),
        new Sabotage(
            "a level that the format does not have",
            image -> image.row("roots", 3).put("mode", 7).put("top_level", 6),
            "the device-table entry of 00:05.0 has Mode 0x6, roots[3] says 0x7"),
        new Sabotage(
            "a shared table that is another one",
            image -> image.row("roots", 4).put("shares_table_with", "00:04.0"),
            "roots[4]: the table at 0x227d000 of level 2 is not that of 00:04.0, at 0x2272000 of"
                + " level 2"));
  }

  private static ObjectNode registers(Image image) {
    return (ObjectNode) image.json().get("registers");
  }

  @ParameterizedTest
  @MethodSource("sabotages")
  void thePlaceIsNamed(Sabotage sabotage) throws IOException {
    Image image = Image.of("amdv1-a");
    sabotage.change().accept(image);
    assertEquals(sabotage.message(), image.problems(folder).getFirst());
  }
}
