package dev.genpt.table;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a mapping allows, as a bit set in an {@code int}, with Linux's values ({@code IOMMU_READ}
 * and so on). Stateless.
 */
public final class Protection {
  /** The device may read. */
  public static final int READ = 0x01;

  /** The device may write. */
  public static final int WRITE = 0x02;

  /** Accesses are coherent with the CPU caches. */
  public static final int CACHE = 0x04;

  /** The device may not execute. */
  public static final int NOEXEC = 0x08;

  /** The target is device memory, not RAM. */
  public static final int MMIO = 0x10;

  /** Only privileged accesses. */
  public static final int PRIV = 0x20;

  /** Every bit that there is. */
  public static final int ALL = READ | WRITE | CACHE | NOEXEC | MMIO | PRIV;

  /** Read and write: the one combination that every format accepts. */
  public static final int READ_WRITE = READ | WRITE;

  private static final List<String> NAMES = List.of("cache", "noexec", "mmio", "priv");

  private Protection() {}

  /**
   * The bits of a text such as {@code rw}, {@code r,mmio} or the empty text: first {@code r},
   * {@code w} or {@code rw} if any, then {@code cache}, {@code noexec}, {@code mmio}, {@code priv},
   * separated by commas.
   *
   * @throws IommuException EINVAL for any other word
   */
  public static int parse(String text) {
    int prot = 0;
    for (String word : text.toLowerCase(Locale.ROOT).split(",", -1)) {
      prot |=
          switch (word.strip()) {
            case "", "none" -> 0;
            case "r" -> READ;
            case "w" -> WRITE;
            case "rw" -> READ_WRITE;
            default -> {
              int index = NAMES.indexOf(word.strip());
              if (index < 0) {
                throw new IommuException(
                    Errno.EINVAL,
                    "protection \"%s\": expected r, w, rw, cache, noexec, mmio or priv, separated by"
                            .formatted(word)
                        + " commas");
              }
              yield CACHE << index;
            }
          };
    }
    return prot;
  }

  /** The text that {@link #parse} reads back; {@code none} for 0. */
  public static String describe(int prot) {
    List<String> words = new ArrayList<>();
    String access = ((prot & READ) != 0 ? "r" : "") + ((prot & WRITE) != 0 ? "w" : "");
    if (!access.isEmpty()) {
      words.add(access);
    }
    for (int i = 0; i < NAMES.size(); i++) {
      if ((prot & (CACHE << i)) != 0) {
        words.add(NAMES.get(i));
      }
    }
    return words.isEmpty() ? "none" : String.join(",", words);
  }
}
