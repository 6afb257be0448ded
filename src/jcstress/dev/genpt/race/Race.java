package dev.genpt.race;

import dev.genpt.fixture.HardwareWalker;
import dev.genpt.fixture.UnsnoopedWalker;
import dev.genpt.format.Amdv1;
import dev.genpt.format.VtdSecondStage;
import dev.genpt.format.X86_64;
import dev.genpt.iommu.DomainConfig;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.Feature;
import dev.genpt.table.IotlbGather;
import dev.genpt.table.Protection;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A domain for one race, the hardware that walks it, and the words that outcomes are said in.
 *
 * <p>All domains of one JVM share a memory, for each race needs a few pages only. Every input
 * address has one output address that it is mapped to, so that an answer can be told from any
 * other.
 */
abstract class Race {
  static final long PAGE = 0x1000;
  static final long M2 = 0x20_0000;
  static final long G1 = 0x4000_0000;

  /** The answer for an address without a translation. */
  static final String NOTHING = "nothing";

  /** The answer for an address whose translation is the one that it was given. */
  static final String MAPPED = "mapped";

  private static final PhysicalMemory MEMORY = PhysicalMemory.ofMebibytes(512);
  private static final PageAllocator PAGES = new PageAllocator(MEMORY);
  private static final long OFFSET = 1L << 33;
  private static final int MOMENT = 64;

  final IommuDomain domain;
  final HardwareWalker hardware;

  private Race(HardwareWalker hardware, DomainConfig config) {
    this.hardware = hardware;
    domain = IommuDomain.create(config.topDriver(hardware));
    hardware.attach(domain.pageTable());
  }

  /** A race on an AMDv1 domain with a root of level 2, which may grow. */
  Race() {
    this(
        new HardwareWalker(MEMORY, Race::takeAMoment),
        DomainConfig.of(Amdv1.DEFINITION, PAGES)
            .features(Feature.DYNAMIC_TOP, Amdv1.ENCRYPT_TABLES, Amdv1.FORCE_COHERENCE)
            .topLevel(2));
  }

  /** A race on a VT-d second stage of four levels, which has an accessed and a dirty bit. */
  abstract static class OnVtd extends Race {
    OnVtd() {
      super(
          new HardwareWalker(MEMORY, Race::takeAMoment),
          DomainConfig.of(VtdSecondStage.DEFINITION, PAGES).widths(48, 52).topLevel(3));
    }
  }

  /** A race on an x86-64 domain of four levels, whose hardware does not look into CPU caches. */
  abstract static class Unsnooped extends Race {
    Unsnooped() {
      this(new UnsnoopedWalker(MEMORY, Race::takeAMoment));
    }

    private Unsnooped(UnsnoopedWalker hardware) {
      super(
          hardware,
          DomainConfig.of(X86_64.DEFINITION, PAGES)
              .widths(48, 52)
              .topLevel(3)
              .features(Feature.DMA_INCOHERENT)
              .flusher(hardware));
    }
  }

  /** Hardware is slow, and never as slow as the last time: others come in between. */
  private static void takeAMoment() {
    for (int i = ThreadLocalRandom.current().nextInt(MOMENT); i > 0; i--) {
      Thread.onSpinWait();
    }
  }

  final void map(long iova, long length) {
    domain.map(iova, iova + OFFSET, length, Protection.READ_WRITE);
  }

  /** What the domain makes of {@code iova}. */
  final String translated(long iova) {
    return said(iova, domain.iovaToPhys(iova));
  }

  /** What the hardware makes of {@code iova}. */
  final String walked(long iova) {
    try {
      return said(iova, hardware.translate(iova));
    } catch (UnsnoopedWalker.NotWrittenBack e) {
      return "a table that is not in memory";
    }
  }

  private static String said(long iova, long answer) {
    if (answer == IommuDomain.NO_TRANSLATION) {
      return NOTHING;
    }
    return answer == iova + OFFSET ? MAPPED : "0x" + Long.toHexString(answer);
  }

  /**
   * Whether a look for dirty leaves in {@code [iova, iova + length)}, which clears them, finds one.
   */
  final String reported(long iova, long length) {
    boolean[] found = new boolean[1];
    domain.readAndClearDirty(
        iova, length, true, (first, bytes) -> found[0] = true, new IotlbGather());
    return found[0] ? "reported" : "not reported";
  }

  /** Whether a leaf in {@code [iova, iova + length)} is dirty now. */
  final String dirty(long iova, long length) {
    boolean[] found = new boolean[1];
    domain.readAndClearDirty(
        iova, length, false, (first, bytes) -> found[0] = true, new IotlbGather());
    return found[0] ? "dirty" : "clean";
  }

  /** How many tables the domain holds; the race is over, and they are freed. */
  final int tablesAtTheEnd() {
    int tables = domain.owner().liveBlocks();
    domain.close();
    return tables;
  }
}
