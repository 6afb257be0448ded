package dev.genpt.amd.hardware;

import static dev.genpt.amd.hardware.Board.assertMapped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.genpt.amd.hardware.Request.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The checks of a device table entry, in their order. */
final class DeviceChecksTest {
  private static final long IOVA = 0xdead_b234L;
  private static final long NOTHING = 0;

  private final Board board = new Board();

  private static Request request(Access access, Kind kind) {
    return Request.of(Board.DEVICE, IOVA, access).as(kind);
  }

  private void assertPasses(Translation translation) {
    assertMapped(IOVA, 12, translation);
    assertEquals(List.of(), board.events());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void everythingPassesWhileTheIommuIsOff(Kind kind) {
    board.entry(1, NOTHING);
    board.iommu.write64(0x18, 0);
    assertPasses(board.iommu.translate(request(Access.WRITE, kind)));
    assertMapped(0xfee0_1000L, 12, board.read(0xfee0_1000L));
  }

  @Test
  void aWriteToTheWindowIsAnInterruptAndAReadIsNot() {
    board.entry(1, NOTHING);
    assertInstanceOf(Translation.InterruptMessage.class, board.write(0xfee0_0000L));
    assertInstanceOf(Translation.InterruptMessage.class, board.write(0xfeef_ffffL));
    board.assertFault("00000300 80000000 feefffff 00000000", board.read(0xfeef_ffffL));
    board.assertFault(
        "00000300 83000000 fee00000 00000000",
        board.iommu.translate(
            Request.of(Board.DEVICE, 0xfee0_0000L, Access.WRITE).as(Kind.TRANSLATION)));
    board.assertFault("00000300 20200000 fef00000 00000000", board.write(0xfef0_0000L));
    board.assertFault("00000300 20200000 fedfffff 00000000", board.write(0xfedf_ffffL));
    board.entry(Board.DEVICE, 1, 0, 1 | 1L << 52);
    board.assertFault("00000300 10a80000 fee00000 00000000", board.write(0xfee0_0000L));
  }

  @Test
  void withAPasidTheWindowIsMemory() {
    board.entry(1, NOTHING);
    board.assertFault(
        "00000300 20200000 fee00000 00000000",
        board.iommu.translate(Board.DEVICE, 5, 0xfee0_0000L, Access.WRITE));
  }

  @Test
  void aDeviceBeyondTheTableFaults() {
    board.iommu.write64(0, Board.DEVICE_TABLE);
    board.assertFault("00000300 20200000 deadb234 00000000", board.write(IOVA));
    assertInstanceOf(Translation.InterruptMessage.class, board.write(0xfee0_0000L));
    assertInstanceOf(
        Translation.Refused.class, board.iommu.translate(request(Access.READ, Kind.TRANSLATION)));
    board.iommu.write64(0, Board.DEVICE_TABLE | 6);
    assertPasses(board.write(IOVA));
    board.iommu.write64(0, Board.DEVICE_TABLE | 5);
    board.assertFault("00000300 20200000 deadb234 00000000", board.write(IOVA));
  }

  @Test
  void anEntryThatCanNotBeReadFaults() {
    board.iommu.write64(0, Board.NO_MEMORY | 0x1ff);
    board.assertFault("00000300 34200000 00006000 00000100", board.write(IOVA));
    assertEquals(1, board.iommu.read64(0x50));
    board.assertFault(
        "00000300 35000000 00006000 00000100",
        board.iommu.translate(request(Access.READ, Kind.TRANSLATION)));
    assertEquals(3, board.iommu.read64(0x50));
  }

  @Test
  void anInvalidEntryPasses() {
    board.entry(~1L, -1L);
    assertPasses(board.write(IOVA));
    assertPasses(board.iommu.translate(Board.DEVICE, 7, IOVA, Access.WRITE));
  }

  @ParameterizedTest
  @CsvSource({
    // q0, q2, event of a write
    "0x6000000000000007, 0, 00000300 10a00000 deadb234 00000000",
    "0x6000000000000043, 0, 00000300 10a00000 deadb234 00000000",
    "-0x1ffffffffffffffd, 0, 00000300 10a00000 deadb234 00000000",
    "0x6000000000000e03, 0, 00000300 10200000 deadb234 00000000",
    "0x6000000000000103, 0, 00000300 10200000 deadb234 00000000",
    "0x6380000000000003, 0, 00000300 10200000 deadb234 00000000",
    "0x6080000000000003, 0x0080000000000000, 00000300 10200000 deadb234 00000000",
    "0x6000000000000e07, 0, 00000300 10a00000 deadb234 00000000",
    "0x0000000000000e01, 0, 00000300 10200000 deadb234 00000000",
  })
  void aReservedValueIsIllegal(String q0, String q2, String event) {
    board.entry(Board.DEVICE, Long.decode(q0), Board.DOMAIN, Long.decode(q2));
    board.assertFault(event, board.write(IOVA));
  }

  @Test
  void anIllegalEntryNamesThePasid() {
    board.entry(5, 0);
    board.assertFault(
        "000f0300 10a11234 deadb234 00000000",
        board.iommu.translate(Board.DEVICE, 0xf1234, IOVA, Access.WRITE));
  }

  @Test
  void fewerHostLevelsMakeMoreModesIllegal() {
    Board small =
        new Board(
            IommuFeatures.DEFAULT.withEfr(IommuFeatures.DEFAULT.efr() & ~(3 << 10)),
            CacheConfig.ADVERSARIAL);
    small.entry(Board.TRANSLATES | 5 << 9, 0);
    small.assertFault("00000300 10200000 deadb234 00000000", small.write(IOVA));
    small.entry(Board.TRANSLATES | 4 << 9, 0);
    small.assertFault("00000300 20200000 deadb234 00000000", small.write(IOVA));
  }

  @ParameterizedTest
  @CsvSource({
    // base, limit, EX, address, excluded
    "0x10001, 0x11000, true, 0x10000, true",
    "0x10001, 0x11000, true, 0x11fff, true",
    "0x10001, 0x11000, true, 0x0ffff, false",
    "0x10001, 0x11000, true, 0x12000, false",
    "0x10001, 0x11000, false, 0x10000, false",
    "0x10003, 0x11000, false, 0x10000, true",
    "0x10000, 0x11000, true, 0x10000, false",
    "0x10002, 0x11000, true, 0x10000, false",
  })
  void theExclusionRange(String base, String limit, boolean ex, String at, boolean excluded) {
    board.iommu.write64(0x20, Long.decode(base));
    board.iommu.write64(0x28, Long.decode(limit));
    board.entry(1, ex ? 1L << 39 : 0);
    long address = Long.decode(at);
    if (excluded) {
      assertMapped(address, 12, board.write(address));
      assertEquals(List.of(), board.events());
    } else {
      assertInstanceOf(Translation.Faulted.class, board.write(address));
    }
    assertInstanceOf(
        Translation.Faulted.class,
        board.iommu.translate(Board.DEVICE, 5, address, Access.READ),
        "not with a PASID");
  }

  @Test
  void theExclusionRegistersMayMeanSomethingElse() {
    Board snp =
        new Board(IommuFeatures.DEFAULT.with(IommuFeatures.Bit.SNP), CacheConfig.ADVERSARIAL);
    snp.iommu.write64(0x20, 0x10003);
    snp.iommu.write64(0x28, 0x11000);
    snp.entry(1, 1L << 39);
    assertInstanceOf(Translation.Faulted.class, snp.write(0x10000));
  }

  @Test
  void onlyATrustedDeviceTranslatesItself() {
    board.entry(Board.TRANSLATES, Board.DOMAIN);
    board.assertFault(
        "00000300 82000000 deadb234 00000000",
        board.iommu.translate(request(Access.WRITE, Kind.PRETRANSLATED)));
    board.assertFault(
        "00000300 81000000 deadb234 00000000",
        board.iommu.translate(request(Access.WRITE, Kind.TRANSLATION)));
    board.entry(0, Board.I);
    board.assertFault(
        "00000300 82000000 deadb234 00000000",
        board.iommu.translate(request(Access.WRITE, Kind.PRETRANSLATED)));
    board.assertFault(
        "00000300 81000000 deadb234 00000000",
        board.iommu.translate(request(Access.WRITE, Kind.TRANSLATION)));
    board.entry(1, Board.I);
    assertPasses(board.iommu.translate(request(Access.WRITE, Kind.PRETRANSLATED)));
    board.assertFault(
        "00000300 81000000 deadb234 00000000",
        board.iommu.translate(request(Access.WRITE, Kind.TRANSLATION)));
    board.entry(Board.TRANSLATES, Board.I);
    assertPasses(board.iommu.translate(request(Access.WRITE, Kind.TRANSLATION)));
  }

  @Test
  void withoutTranslationInformationEverythingFaults() {
    board.entry(Board.V | Board.IR | Board.IW, Board.DOMAIN);
    board.assertFault("00000300 20200042 deadb234 00000000", board.write(IOVA));
    board.assertFault("00000300 20000042 deadb234 00000000", board.read(IOVA));
  }

  @ParameterizedTest
  @CsvSource({"0, true", "0x80000000000000, false"})
  void aPasidNeedsAGuestTable(String gv, boolean on) {
    board.control(0);
    if (!on) {
      board.iommu.write64(0x18, board.iommu.read64(0x18) & ~Control.GUEST_EN);
    }
    board.entry(Board.TRANSLATES | Long.decode(gv), Board.DOMAIN);
    board.assertFault(
        "000f0300 82011234 deadb234 00000000",
        board.iommu.translate(Board.DEVICE, 0xf1234, IOVA, Access.WRITE));
  }

  @Test
  void theEntryItselfForbids() {
    board.entry(Board.V | Board.TV | Board.IR, Board.DOMAIN);
    board.assertFault("00000300 20700042 deadb234 00000000", board.write(IOVA));
    assertPasses(board.read(IOVA));
    board.entry(Board.V | Board.TV | Board.IW | 3 << 9 | Board.NO_MEMORY, Board.DOMAIN);
    board.assertFault("00000300 20500042 deadb234 00000000", board.read(IOVA));
    board.entry(Board.V | Board.TV | Board.GV, Board.DOMAIN);
    board.assertFault(
        "00000300 20550005 deadb234 00000000",
        board.iommu.translate(Board.DEVICE, 5, IOVA, Access.READ));
  }

  @Test
  void identityPassesWithTheRightsOfTheEntry() {
    board.entry(Board.V | Board.TV | Board.IR, Board.DOMAIN);
    assertEquals(new Translation.Mapped(IOVA, true, false, 12, false, false), board.read(IOVA));
  }

  @Test
  void aDeviceMaySuppressItsFaults() {
    board.entry(1, 1L << 34);
    assertInstanceOf(Translation.Faulted.class, board.write(IOVA));
    assertEquals(List.of(), board.events());
    board.entry(1, 1L << 33);
    for (int round = 0; round < 2; round++) {
      board.assertFault("00000300 20200000 deadb234 00000000", board.write(IOVA));
      assertInstanceOf(Translation.Faulted.class, board.write(IOVA));
      assertEquals(List.of(), board.events(), "at most one until the entry is read anew");
      board.entry(1, 1L << 33);
    }
    board.entry(5, 3L << 33);
    board.assertFault("00000300 10a00000 deadb234 00000000", board.write(IOVA));
  }
}
