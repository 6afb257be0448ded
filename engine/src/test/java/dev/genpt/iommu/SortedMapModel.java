package dev.genpt.iommu;

import dev.genpt.error.Errno;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an AMDv1 domain must do, said with a sorted map of leaves and integers of any width: the
 * rules without a table, a level or a word.
 */
final class SortedMapModel {
  /** A leaf: its output address, its size and whether the device wrote to it. */
  record Leaf(BigInteger oa, int sizeLg2, boolean dirty) {
    BigInteger size() {
      return BigInteger.ONE.shiftLeft(sizeLg2);
    }
  }

  private static final int[] ROOT_WIDTHS = {21, 30, 39, 48, 57, 64};

  private final TreeMap<BigInteger, Leaf> leaves = new TreeMap<>();
  private final long pageSizes;
  private final int maxWidth;
  private int topLevel = 2;

  /** An empty address space of {@code maxWidth} bits whose root starts with 39. */
  SortedMapModel(long pageSizes, int maxWidth) {
    this.pageSizes = pageSizes;
    this.maxWidth = maxWidth;
  }

  private static BigInteger unsigned(long word) {
    return new BigInteger(Long.toUnsignedString(word));
  }

  private static BigInteger power(int b) {
    return BigInteger.ONE.shiftLeft(b);
  }

  private int width() {
    return Math.min(maxWidth, ROOT_WIDTHS[topLevel]);
  }

  /** Last address that the root decodes now. */
  long lastVa() {
    return power(width()).subtract(BigInteger.ONE).longValue();
  }

  /** The level that the root has now. */
  int topLevel() {
    return topLevel;
  }

  /** The leaves, by their input address. */
  Map<BigInteger, Leaf> leaves() {
    return leaves;
  }

  /** Maps all or nothing; the error, if it is refused. */
  Optional<Errno> map(long iovaWord, long paWord, long lengthWord) {
    BigInteger iova = unsigned(iovaWord);
    BigInteger pa = unsigned(paWord);
    BigInteger length = unsigned(lengthWord);
    BigInteger end = iova.add(length);
    if (pa.bitLength() > 52) {
      return Optional.of(Errno.ERANGE);
    }
    if (length.signum() == 0) {
      return Optional.of(Errno.EINVAL);
    }
    if (end.compareTo(power(64)) > 0) {
      return Optional.of(Errno.EOVERFLOW);
    }
    if (pa.add(length).compareTo(power(52)) > 0) {
      return Optional.of(Errno.ERANGE);
    }
    if (iova.or(pa).or(length).getLowestSetBit() < 12) {
      return Optional.of(Errno.ENXIO);
    }
    if (end.compareTo(power(maxWidth)) > 0) {
      return Optional.of(Errno.ERANGE);
    }
    while (end.compareTo(power(width())) > 0) {
      topLevel++;
    }
    if (isAnythingIn(iova, end)) {
      return Optional.of(Errno.EADDRINUSE);
    }
    cut(iova, pa, end);
    return Optional.empty();
  }

  private boolean isAnythingIn(BigInteger iova, BigInteger end) {
    Map.Entry<BigInteger, Leaf> below = leaves.lowerEntry(end);
    return below != null && below.getKey().add(below.getValue().size()).compareTo(iova) > 0;
  }

  /** The largest leaf that fits, again and again. */
  private void cut(BigInteger first, BigInteger pa, BigInteger end) {
    BigInteger iova = first;
    while (iova.compareTo(end) < 0) {
      BigInteger oa = pa.add(iova.subtract(first));
      int size = 63;
      while ((pageSizes >>> size & 1) == 0
          || iova.or(oa).mod(power(size)).signum() != 0
          || iova.add(power(size)).compareTo(end) > 0) {
        size--;
      }
      leaves.put(iova, new Leaf(oa, size, false));
      iova = iova.add(power(size));
    }
  }

  /** Unmaps up to the first hole; the bytes. */
  long unmap(long iovaWord, long lengthWord) {
    BigInteger iova = unsigned(iovaWord);
    BigInteger end = iova.add(unsigned(lengthWord));
    BigInteger at = iova;
    if (end.compareTo(power(width())) <= 0) {
      while (at.compareTo(end) < 0 && leaves.containsKey(at)) {
        at = at.add(leaves.remove(at).size());
      }
    }
    return at.subtract(iova).longValue();
  }

  /** The output address, or NO_TRANSLATION. */
  long translate(long iovaWord) {
    BigInteger iova = unsigned(iovaWord);
    Map.Entry<BigInteger, Leaf> leaf = leaves.floorEntry(iova);
    if (leaf == null || iova.subtract(leaf.getKey()).compareTo(leaf.getValue().size()) >= 0) {
      return IommuDomain.NO_TRANSLATION;
    }
    return leaf.getValue().oa().add(iova.subtract(leaf.getKey())).longValue();
  }

  /** Marks the leaf that begins at an address as written. */
  void write(BigInteger iova) {
    leaves.computeIfPresent(iova, (start, leaf) -> new Leaf(leaf.oa(), leaf.sizeLg2(), true));
  }

  /**
   * What was written in a range inside the root, cut to it, as first addresses and lengths; then
   * clean.
   */
  List<Long> readAndClearDirty(long iovaWord, long lengthWord) {
    BigInteger iova = unsigned(iovaWord);
    BigInteger end = iova.add(unsigned(lengthWord));
    List<Long> extents = new ArrayList<>();
    for (Map.Entry<BigInteger, Leaf> entry : leaves.headMap(end).entrySet()) {
      Leaf leaf = entry.getValue();
      BigInteger endOfLeaf = entry.getKey().add(leaf.size());
      if (leaf.dirty() && endOfLeaf.compareTo(iova) > 0) {
        BigInteger first = entry.getKey().max(iova);
        extents.add(first.longValue());
        extents.add(endOfLeaf.min(end).subtract(first).longValue());
        entry.setValue(new Leaf(leaf.oa(), leaf.sizeLg2(), false));
      }
    }
    return extents;
  }
}
