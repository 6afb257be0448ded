package dev.genpt.amd.hardware;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.bits.Log2;
import dev.genpt.error.IommuException;
import dev.genpt.fixture.DomainSetup;
import dev.genpt.format.Amdv1;
import dev.genpt.format.X86_64;
import dev.genpt.inspect.ForeignTable;
import dev.genpt.inspect.TableLookup;
import dev.genpt.iommu.DomainConfig;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PageOwner;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.PageTable;
import dev.genpt.table.Protection;
import dev.genpt.table.Root;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The hardware against the engine, in every format that this hardware walks: tables that the engine
 * writes, and tables written by hand that the engine reads. They share no code.
 */
final class EngineTablesTest {
  private static final long SEED = Long.getLong("genpt.property.seed", 1);
  private static final int TABLES = Integer.getInteger("genpt.hardware.tables", 100);
  private static final int ADDRESSES = 1000;
  private static final int DEVICE = 3;
  private static final int PASID = 5;
  private static final int DOMAIN = 0x42;
  private static final String NONE = "none";

  /** Leaves of 512G are not used by software. */
  private static final int AVOIDED = 39;

  private static final String DENIED = "denied";

  /** Output bits of setups with an encryption bit, which is for the memory controller. */
  private static final int ENCRYPTED = 47;

  private final PageAllocator pages = new PageAllocator(PhysicalMemory.ofMebibytes(64));
  private final PageOwner owner = pages.newOwner("hardware");
  private final PhysicalMemory memory = pages.memory();
  private AmdIommu iommu;
  private final long deviceTable = pages.allocate(owner, 12);
  private final long commands = pages.allocate(owner, 12);
  private final long gcr3 = pages.allocate(owner, 12);

  EngineTablesTest() {
    iommu = machine(CacheConfig.ADVERSARIAL);
  }

  private AmdIommu machine(CacheConfig caches) {
    AmdIommu made = new AmdIommu(memory, IommuFeatures.DEFAULT, caches);
    made.write64(0x0, deviceTable);
    made.write64(0x8, commands | 8L << 56);
    made.write64(
        0x18,
        Control.IOMMU_EN | Control.COMMAND_EN | Control.GUEST_EN | Control.GCR3_IS_GUEST_ADDRESS);
    return made;
  }

  static Stream<DomainSetup> setups() {
    return DomainSetup.all().stream()
        .filter(setup -> isHost(setup.format()) || isGuest(setup.format()))
        .filter(setup -> setup.oaLg2() != ENCRYPTED);
  }

  private static boolean isHost(FormatDefinition format) {
    return format.equals(Amdv1.DEFINITION);
  }

  private static boolean isGuest(FormatDefinition format) {
    return format.equals(X86_64.DEFINITION);
  }

  /** The device uses these roots, and nothing is remembered of earlier ones. */
  private void attach(Optional<Root> host, Optional<Root> guest) {
    long q0 = Board.TRANSLATES;
    long q1 = DOMAIN;
    long q2 = 0;
    if (host.isPresent()) {
      q0 |= host.get().address() | (long) (host.get().level() + 1) << 9;
    }
    if (guest.isPresent()) {
      memory.write64(gcr3, guest.get().address() | 1);
      memory.write64(gcr3 + PASID * 8, guest.get().address() | 1);
      q0 |= Board.GV | Board.GIOV | Board.gcr3Low(gcr3);
      q1 = Board.gcr3High(gcr3);
      q2 = guest.get().level() == 4 ? 1L << 54 : 0;
    }
    memory.store128(deviceTable + DEVICE * 32 + 16, q2, 0);
    memory.store128(deviceTable + DEVICE * 32, q0, q1);
    long tail = iommu.read64(0x2008);
    memory.write64(commands + tail, 8L << 60);
    iommu.write64(0x2008, (tail + 16) % 0x1000);
    assertEquals(1, iommu.runCommands());
  }

  private void attach(PageTable table) {
    Optional<Root> root = Optional.of(table.root());
    if (isHost(table.format().definition())) {
      attach(root, Optional.empty());
    } else {
      attach(Optional.empty(), root);
    }
  }

  private static String text(long address, int sizeLg2, boolean read, boolean write) {
    return "%#x 2^%d %s%s".formatted(address, sizeLg2, read ? "r" : "-", write ? "w" : "-");
  }

  private String hardware(long iova, boolean write, boolean pasid) {
    Request request = Request.of(DEVICE, iova, write ? Access.WRITE : Access.READ);
    return switch (iommu.translate(pasid ? request.withPasid(PASID) : request)) {
      case Translation.Mapped at ->
          text(at.address(), at.pageSizeLg2(), at.readable(), at.writable());
      case Translation.Faulted fault
          when (fault.event().flags() & EventEntry.PE) != 0
              && fault.event().code() == EventEntry.IO_PAGE_FAULT ->
          DENIED;
      case Translation.Faulted _ -> NONE;
      case Translation other -> other.toString();
    };
  }

  /** What an access must come to, by the engine's answer; there is no remapping of interrupts. */
  private static String expected(String answer, boolean write) {
    boolean allowed = answer.equals(NONE) || answer.endsWith(write ? "w" : "r-");
    return allowed || (!write && answer.contains(" r")) ? answer : DENIED;
  }

  private void compare(long iova, LongFunction<String> engine, boolean pasid, String what) {
    if (iova >>> 20 == 0xfee && !pasid) {
      return;
    }
    String answer = engine.apply(iova);
    for (boolean write : new boolean[] {false, true}) {
      String found = hardware(iova, write, pasid);
      if (answer.equals(NONE) && found.equals(DENIED)) {
        continue; // a table pointer forbids what does not exist below it
      }
      assertEquals(
          expected(answer, write), found, () -> "%s, %#x, write %b".formatted(what, iova, write));
    }
  }

  private static String engine(IommuDomain domain, long iova) {
    return domain.translate(iova) instanceof dev.genpt.iommu.Translation.Mapped at
        ? text(
            at.oa(),
            at.pageSizeLg2(),
            (at.protection() & Protection.READ) != 0,
            (at.protection() & Protection.WRITE) != 0)
        : NONE;
  }

  private static boolean isSigned(PageTable table) {
    return table.has(Feature.SIGN_EXTEND);
  }

  @ParameterizedTest
  @MethodSource("setups")
  void everyLeafSizeAtItsFirstMiddleAndLastSlot(DomainSetup setup) {
    long possible = setup.pageSizes() & Log2.toMax(setup.vaLg2());
    for (long left = possible; left != 0; left &= left - 1) {
      int sizeLg2 = Long.numberOfTrailingZeros(left);
      try (IommuDomain domain =
          IommuDomain.create(setup.request(DomainConfig.of(setup.format(), pages)))) {
        long iova = Log2.alignDown(Log2.toMax(setup.vaLg2() - 1), sizeLg2);
        long pa = Log2.alignDown(Log2.toMax(setup.oaLg2()) & 0xa_5a5a_5a5a_5000L, sizeLg2);
        long size = 1L << sizeLg2;
        if (setup.vaLg2() - 1 < sizeLg2) {
          iova = 0;
        }
        domain.map(iova, pa, size, Protection.READ_WRITE);
        attach(domain.pageTable());
        for (long slot : new long[] {0, (size / 2) & -0x1000, size - 0x1000}) {
          for (long offset : new long[] {0, 0x234, 0xfff}) {
            long at = slot + offset;
            boolean pasid = isSigned(domain.pageTable());
            assertEquals(
                text(pa + at, sizeLg2, true, true), hardware(iova + at, true, pasid), setup + "");
            assertEquals(engine(domain, iova + at), hardware(iova + at, false, pasid));
          }
        }
        compare(iova - 1, at -> engine(domain, at), isSigned(domain.pageTable()), "below");
        compare(iova + size, at -> engine(domain, at), isSigned(domain.pageTable()), "above");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("setups")
  void randomTablesOfTheEngine(DomainSetup setup) {
    SplittableRandom random = new SplittableRandom(SEED);
    System.out.printf("%s: seed %d, %d tables%n", setup, SEED, TABLES);
    for (int i = 0; i < TABLES; i++) {
      try (IommuDomain domain =
          IommuDomain.create(setup.request(DomainConfig.of(setup.format(), pages)))) {
        List<Long> places = fill(domain, setup, random);
        attach(domain.pageTable());
        String what = setup + " seed " + SEED + " table " + i;
        for (int n = 0; n < ADDRESSES; n++) {
          compare(
              address(places, random),
              at -> engine(domain, at),
              isSigned(domain.pageTable()),
              what);
        }
      }
    }
  }

  /** Maps and unmaps here and there, and tells where. */
  private static List<Long> fill(IommuDomain domain, DomainSetup setup, SplittableRandom random) {
    List<Long> places = new ArrayList<>();
    for (int n = 0; n < 12; n++) {
      int unitLg2 = 12 + random.nextInt(random.nextBoolean() ? 12 : 30);
      long length = (1 + random.nextInt(20)) * 0x1000L;
      if (random.nextBoolean()) {
        length <<= random.nextInt(12);
      }
      long iova =
          places.isEmpty() || random.nextBoolean()
              ? Log2.alignDown(random.nextLong() >>> random.nextInt(52), unitLg2)
              : Log2.alignDown(places.get(random.nextInt(places.size())), 12) + length;
      long pa = Log2.alignDown(random.nextLong() & Log2.toMax(setup.oaLg2() - 1), unitLg2);
      try {
        if (n % 4 == 3) {
          domain.unmap(iova, length);
        } else {
          domain.map(iova, pa, length, 1 + random.nextInt(3));
        }
      } catch (IommuException refused) {
        continue; // what is refused changes nothing
      }
      places.add(iova);
      places.add(iova + length);
    }
    return places;
  }

  private static long address(List<Long> places, SplittableRandom random) {
    long near =
        places.isEmpty() || random.nextInt(8) == 0
            ? random.nextLong() >>> random.nextInt(64)
            : places.get(random.nextInt(places.size()));
    return near + ((random.nextLong() >> random.nextInt(64)) & -1L >>> 20);
  }

  @Test
  void aGuestTableOnAHostTable() {
    SplittableRandom random = new SplittableRandom(SEED);
    DomainSetup hostSetup = DomainSetup.growing();
    PhysicalMemory.Region ram = memory.regions().getFirst();
    for (DomainSetup setup : setups().filter(each -> isGuest(each.format())).toList()) {
      try (IommuDomain host =
              IommuDomain.create(hostSetup.request(DomainConfig.of(hostSetup.format(), pages)));
          IommuDomain guest =
              IommuDomain.create(setup.request(DomainConfig.of(setup.format(), pages)))) {
        host.map(ram.base(), ram.base(), ram.size(), Protection.READ_WRITE);
        host.map(1L << 40, 1L << 41, 1L << 39, Protection.READ_WRITE);
        host.map(0, 1L << 42, 1L << 31, Protection.READ);
        List<Long> places = new ArrayList<>();
        for (int n = 0; n < 40; n++) {
          int sizeLg2 = random.nextBoolean() ? 12 : 21;
          long iova = ((long) n << 30) + Log2.alignDown(random.nextInt(1 << 29), sizeLg2);
          long pa =
              random.nextBoolean()
                  ? (1L << 40) + Log2.alignDown(random.nextLong() >>> 25, sizeLg2)
                  : Log2.alignDown(random.nextLong() >>> 33, sizeLg2);
          guest.map(iova, pa, 1L << sizeLg2, 1 + random.nextInt(3));
          places.add(iova);
        }
        attach(Optional.of(host.pageTable().root()), Optional.of(guest.pageTable().root()));
        for (int n = 0; n < ADDRESSES; n++) {
          compare(
              address(places, random),
              at -> nested(guest, host, at),
              isSigned(guest.pageTable()),
              setup.toString());
        }
      }
    }
  }

  private static String nested(IommuDomain guest, IommuDomain host, long iova) {
    if (guest.translate(iova) instanceof dev.genpt.iommu.Translation.Mapped upper
        && host.translate(upper.oa()) instanceof dev.genpt.iommu.Translation.Mapped lower) {
      int both = upper.protection() & lower.protection();
      return text(
          lower.oa(),
          Math.min(upper.pageSizeLg2(), lower.pageSizeLg2()),
          (both & Protection.READ) != 0,
          (both & Protection.WRITE) != 0);
    }
    return NONE;
  }

  /** A table written from the specification: what each word of a level may be. */
  interface Hand {
    long word(SplittableRandom random, int level, long table);
  }

  private static long hostWord(SplittableRandom random, int level, long table) {
    long rights = (long) random.nextInt(4) << 61;
    long any = random.nextLong() & 0x000f_ffff_ffff_f000L;
    boolean leaf = level == 1 || (level <= 5 && random.nextInt(3) == 0);
    if (random.nextInt(4) == 0) {
      return random.nextLong() & ~1L;
    }
    if (!leaf) {
      return 1 | rights | Board.IR | (long) (level - 1) << 9 | table;
    }
    int least = 12 + 9 * (level - 1);
    int sizeLg2 = least + random.nextInt(level == 5 ? 4 : 9);
    sizeLg2 += sizeLg2 == AVOIDED ? 1 : 0;
    return sizeLg2 == least
        ? 1 | rights | Log2.alignDown(any, least)
        : 1 | rights | 7 << 9 | Log2.alignDown(any, sizeLg2) | (Log2.toMax(sizeLg2 - 1) & ~0xfffL);
  }

  private static long guestWord(SplittableRandom random, int level, long table) {
    long any = random.nextLong() & 0x000f_ffff_ffff_f000L;
    boolean leaf = level == 1 || (level <= 3 && random.nextInt(3) == 0);
    long writable = random.nextInt(3) == 0 ? 0 : 2;
    if (random.nextInt(4) == 0) {
      return random.nextLong() & ~1L;
    }
    if (!leaf) {
      return 0x25 | writable | table;
    }
    int sizeLg2 = 12 + 9 * (level - 1);
    return 0x65 | writable | (level > 1 ? 0x80 : 0) | Log2.alignDown(any, sizeLg2);
  }

  @Test
  void hostTablesByHand() {
    for (int levels = 1; levels <= 6; levels++) {
      byHand(Amdv1.DEFINITION, levels, EngineTablesTest::hostWord, Feature.DYNAMIC_TOP);
    }
  }

  @Test
  void guestTablesByHand() {
    for (int levels = 4; levels <= 5; levels++) {
      byHand(X86_64.DEFINITION, levels, EngineTablesTest::guestWord, Feature.SIGN_EXTEND);
    }
  }

  /**
   * Few tables a level, without caches since the slots of a page need not agree: each word a random
   * one; the engine reads them, and the hardware does.
   */
  private void byHand(FormatDefinition format, int levels, Hand hand, Feature feature) {
    SplittableRandom random = new SplittableRandom(SEED);
    long[][] tables = new long[levels + 1][3];
    iommu = machine(CacheConfig.NONE);
    for (int round = 0; round < TABLES; round++) {
      for (int level = 1; level <= levels; level++) {
        for (int i = 0; i < 3; i++) {
          if (round == 0) {
            tables[level][i] = pages.allocate(owner, 12);
          }
          for (int slot = 0; slot < 512; slot++) {
            long below = tables[level - 1][random.nextInt(3)];
            memory.write64(tables[level][i] + slot * 8L, hand.word(random, level, below));
          }
        }
      }
      PageTable table =
          ForeignTable.open(
              format,
              memory,
              tables[levels][0],
              levels - 1,
              ForeignTable.fullWidthLg2(format, levels - 1),
              feature);
      attach(table);
      for (int n = 0; n < ADDRESSES; n++) {
        int widthLg2 = Math.min(64, 12 + 9 * levels);
        long iova = random.nextLong();
        iova = isGuest(format) ? Log2.signExtend(iova, widthLg2) : Log2.mod(iova, widthLg2);
        compare(
            iova,
            at -> engine(table, at),
            isGuest(format),
            format.name() + " by hand, levels " + levels + " round " + round);
      }
    }
  }

  private static String engine(PageTable table, long iova) {
    return switch (TableLookup.of(table, iova)) {
      case TableLookup.Mapped at ->
          text(
              at.outputAddress(),
              at.leaf().sizeLg2(),
              (at.leaf().protection() & Protection.READ) != 0,
              (at.leaf().protection() & Protection.WRITE) != 0);
      case TableLookup.NotMapped _, TableLookup.OutOfRange _ -> NONE;
      case TableLookup.Corrupt corrupt -> corrupt.toString();
    };
  }
}
