package dev.genpt.kunit;

import dev.genpt.error.Errno;
import dev.genpt.format.Amdv1;
import dev.genpt.format.Amdv1Mock;
import dev.genpt.format.Riscv;
import dev.genpt.format.VtdSecondStage;
import dev.genpt.format.X86_64;
import dev.genpt.kunit.KunitFormat.Refusal;
import dev.genpt.table.Feature;
import java.util.List;
import java.util.Set;

/**
 * What the suites run on: a row a format, and in it a row a configuration.
 *
 * <p>Source: upstream's {@code kunit_fmt_cfgs} of each format, and for the page sizes what
 * upstream's suites report.
 */
public final class KunitFormats {
  private static final int NO_FEATURES = 0;
  private static final int SIGN_EXTEND = Feature.SIGN_EXTEND.mask();
  private static final int NAPOT = Riscv.SVNAPOT_64K.mask();
  private static final long X86_SIZES = 0x4020_1000L;

  /** Every format, in upstream's order; the mock, which upstream does not always build, last. */
  public static final List<KunitFormat> ALL =
      List.of(
          new KunitFormat(
              "amdv1",
              Amdv1.DEFINITION,
              NO_FEATURES,
              Refusal.NONE,
              List.of(new KunitConfig(0, 2, NO_FEATURES, 0x000f_ff7f_ffff_f000L))),
          new KunitFormat(
              "x86_64",
              X86_64.DEFINITION,
              SIGN_EXTEND,
              Refusal.NONE,
              List.of(
                  new KunitConfig(48, 3, SIGN_EXTEND, X86_SIZES),
                  new KunitConfig(57, 4, SIGN_EXTEND, X86_SIZES),
                  new KunitConfig(47, 3, NO_FEATURES, X86_SIZES),
                  new KunitConfig(56, 4, NO_FEATURES, X86_SIZES))),
          new KunitFormat(
              "vtdss",
              VtdSecondStage.DEFINITION,
              VtdSecondStage.FORCE_WRITEABLE.mask(),
              new Refusal(Errno.EINVAL, Set.of(0, 4, 8, 12, 16, 20, 24, 28)),
              List.of(
                  new KunitConfig(39, 2, NO_FEATURES, X86_SIZES),
                  new KunitConfig(48, 3, NO_FEATURES, X86_SIZES),
                  new KunitConfig(57, 4, NO_FEATURES, X86_SIZES))),
          new KunitFormat(
              "riscv_64",
              Riscv.DEFINITION,
              NAPOT,
              new Refusal(Errno.EOPNOTSUPP, Set.of(8, 12, 24, 28)),
              List.of(
                  new KunitConfig(39, 2, NAPOT, 0x4021_1000L),
                  new KunitConfig(48, 3, NO_FEATURES, 0x80_4020_1000L),
                  new KunitConfig(57, 4, NAPOT, 0x1_0080_4021_1000L))),
          new KunitFormat(
              "amdv1_mock",
              Amdv1Mock.DEFINITION,
              NO_FEATURES,
              Refusal.NONE,
              List.of(new KunitConfig(0, 2, NO_FEATURES, 0x0000_7f7f_ffff_f800L))));

  private KunitFormats() {}
}
