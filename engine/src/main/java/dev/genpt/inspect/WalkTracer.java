package dev.genpt.inspect;

import dev.genpt.bits.BitField;
import dev.genpt.bits.Log2;
import dev.genpt.inspect.DecodedEntry.Meaning;
import dev.genpt.inspect.WalkTrace.Outcome;
import dev.genpt.inspect.WalkTrace.Step;
import dev.genpt.table.Feature;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;

/** Writes the sentences of one walk. Not thread-safe; one a trace. */
final class WalkTracer {
  private static final String GROWS =
      " Mapping it would put roots of higher levels above, until one does.";

  private final PageTable pageTable;
  private final PageTableFormat format;
  private final TableShape shape;
  private final long iova;
  private final CheckedWalk walk;

  WalkTracer(PageTable pageTable, long iova) {
    this.pageTable = pageTable;
    this.iova = iova;
    format = pageTable.format();
    walk = new CheckedWalk(pageTable, iova);
    shape = walk.shape();
  }

  WalkTrace trace() {
    return new WalkTrace(
        format.definition().name(),
        iova,
        shape.widthLg2(),
        shape.topLevel(),
        shape.root(),
        walk.items().stream().map(this::step).toList(),
        outcome());
  }

  private Step step(Item item) {
    int level = item.level();
    int low = format.itemSizeLg2(level);
    int itemsLg2 = shape.itemsLg2(level);
    DecodedEntry entry = DecodedEntry.of(format, item.word(), level);
    boolean isDeadEnd =
        walk.end() instanceof TableLookup.Corrupt && item.equals(walk.items().getLast());
    return new Step(
        level,
        item.table(),
        1 << itemsLg2,
        new BitField("index", Math.max(low, low + itemsLg2 - 1), low),
        item.index(),
        item.table() + ((long) item.index() << format.geometry().wordLg2()),
        entry,
        isDeadEnd ? deadEndSentence(entry, item.index()) : sentence(entry, item.index()));
  }

  private Outcome outcome() {
    return switch (walk.end()) {
      case TableLookup.OutOfRange _ -> new Outcome.OutOfRange(outOfRange());
      case TableLookup.NotMapped none ->
          new Outcome.NotMapped(
              none.item().level(),
              "Input address %#x is not mapped: the walk ends at an empty item of level %d, and a device that uses the address gets a fault. Its driver has not mapped it yet, has unmapped it already, or gave the device a wrong address."
                  .formatted(iova, none.item().level()));
      case TableLookup.Mapped(long oa, TableLeaves.Leaf leaf) ->
          new Outcome.Mapped(
              oa,
              leaf.outputAddress(),
              leaf.sizeLg2(),
              leaf.protection(),
              "Input address %#x goes to output address %#x, through a %s leaf that lets the device %s."
                  .formatted(iova, oa, ByteSize.ofLg2(leaf.sizeLg2()), allowed(leaf.protection())));
      case TableLookup.Corrupt(int level, String reason) ->
          new Outcome.Corrupt(
              level,
              reason,
              "Table memory is corrupt, so input address %#x can't be translated: %s."
                  .formatted(iova, reason));
    };
  }

  private static String allowed(int protection) {
    return switch (protection & Protection.READ_WRITE) {
      case Protection.READ -> "read but not write";
      case Protection.WRITE -> "write but not read";
      case Protection.READ_WRITE -> "read and write";
      default -> "neither read nor write";
    };
  }

  private String deadEndSentence(DecodedEntry entry, int index) {
    String reason = ((TableLookup.Corrupt) walk.end()).reason();
    return entry.flaw().isPresent()
        ? "Item %d is not valid, %s: hardware stops here and reports a fault."
            .formatted(index, reason)
        : "Item %d points to a table, but the walk can't go on: %s.".formatted(index, reason);
  }

  private String sentence(DecodedEntry entry, int index) {
    return switch (entry.meaning()) {
      case Meaning.Empty _ ->
          "Item %d is empty: nothing is mapped here, and the walk ends.".formatted(index);
      case Meaning.Table pointer ->
          "Item %d points to a table: the walk goes on in the level-%d table at table address %#x."
              .formatted(index, pointer.childLevel(), pointer.tableAddress());
      case Meaning.Leaf leaf -> leafSentence(leaf, index);
    };
  }

  private String leafSentence(Meaning.Leaf leaf, int index) {
    String size = ByteSize.ofLg2(leaf.sizeLg2());
    int last = leaf.sizeLg2() - 1;
    String what =
        leaf.itemsLg2() == 0
            ? "Item %d is a %s leaf".formatted(index, size)
            : "Item %d is one of the %d items of a %s leaf, so bits %d:%d are offset too"
                .formatted(
                    index, 1 << leaf.itemsLg2(), size, last, leaf.sizeLg2() - leaf.itemsLg2());
    long offset = Log2.mod(iova, leaf.sizeLg2());
    return "%s: output address %#x plus the offset %#x (bits %d:0 of the input address) is %#x."
        .formatted(what, leaf.outputAddress(), offset, last, leaf.outputAddress() | offset);
  }

  private String outOfRange() {
    int width = shape.widthLg2();
    String rule =
        pageTable.has(Feature.SIGN_EXTEND)
            ? "bits 63:%d must all be equal".formatted(width - 1)
            : "bits 63:%d must be %s"
                .formatted(width, format.vaPrefix() == 0 ? "0" : "those of " + hexPrefix());
    return "Input address %#x is not one that this table decodes: a root of level %d takes %d address bits, and %s.%s"
        .formatted(iova, shape.topLevel(), width, rule, canGrow() ? GROWS : "");
  }

  private boolean canGrow() {
    int maxTopLevel = format.geometry().maxTopLevel();
    return pageTable.has(Feature.DYNAMIC_TOP) && pageTable.rootLevel(maxTopLevel).decodes(iova);
  }

  private String hexPrefix() {
    return "%#x".formatted(format.vaPrefix());
  }
}
