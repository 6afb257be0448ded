package dev.genpt.inspect;

import dev.genpt.inspect.Palette.Tone;
import dev.genpt.inspect.TableTree.EmptyRun;
import dev.genpt.inspect.TableTree.FlawRun;
import dev.genpt.inspect.TableTree.FoldedPointers;
import dev.genpt.inspect.TableTree.LeafRun;
import dev.genpt.inspect.TableTree.Pointer;
import dev.genpt.inspect.TableTree.Row;
import dev.genpt.table.Protection;

/**
 * The words of one row of a tree, the same in text and in pictures.
 *
 * @param items the indexes
 * @param input the input address of the first item
 * @param target where it leads, in the colour of {@code tone}
 * @param tone the colour of the target
 * @param remark what else there is to say
 */
record RowText(String items, String input, String target, Tone tone, String remark) {
  static RowText of(Row row, int wordBits) {
    String items =
        row.items() == 1
            ? "[%d]".formatted(row.firstIndex())
            : "[%d..%d]".formatted(row.firstIndex(), row.firstIndex() + row.items() - 1);
    String input = TextView.hex(row.iova());
    return switch (row) {
      case EmptyRun run ->
          new RowText(
              items,
              input,
              run.items() == 1 ? "empty" : "%d empty".formatted(run.items()),
              Palette.PLAIN,
              run.word() == 0
                  ? ""
                  : "though not zero: " + DecodedEntry.wordText(run.word(), wordBits));
      case LeafRun run ->
          new RowText(
              items,
              input,
              "%s -> output address %s"
                  .formatted(leavesText(run), TextView.hex(run.outputAddress())),
              Palette.OUTPUT,
              leafRemark(run));
      case Pointer pointer ->
          new RowText(
              items,
              input,
              "-> level-%d table, table address %s"
                  .formatted(pointer.table().level(), TextView.hex(pointer.table().address())),
              Palette.TABLE,
              unknownRemark(pointer.unknownBits()));
      case FoldedPointers folded ->
          new RowText(
              items,
              input,
              "%d full tables: %s -> output address %s"
                  .formatted(
                      folded.items(),
                      leavesText(folded.leaves()),
                      TextView.hex(folded.leaves().outputAddress())),
              Palette.OUTPUT,
              leafRemark(folded.leaves()));
      case FlawRun run ->
          new RowText(
              items,
              input,
              "not valid: %s (%s)"
                  .formatted(run.reason(), DecodedEntry.wordText(run.word(), wordBits)),
              Palette.FLAW,
              "");
    };
  }

  /** How many leaves of what size: {@code 512 x 4K leaves}. */
  private static String leavesText(LeafRun run) {
    String size = ByteSize.ofLg2(run.sizeLg2());
    return run.leaves() == 1 ? size + " leaf" : "%d x %s leaves".formatted(run.leaves(), size);
  }

  private static String leafRemark(LeafRun run) {
    var remark = new StringBuilder(Protection.describe(run.protection()));
    int itemsPerLeaf = (int) (run.items() / run.leaves());
    if (itemsPerLeaf > 1) {
      String form = run.leaves() == 1 ? ", %d items" : ", %d items each";
      remark.append(form.formatted(itemsPerLeaf));
    }
    if (run.leaves() > 1 && run.outputStep() == 0) {
      remark.append(", all to the same output address");
    } else if (run.leaves() > 1) {
      long last = run.outputAddress() + (run.leaves() << run.sizeLg2()) - 1;
      remark.append(", up to %s".formatted(TextView.hex(last)));
    }
    if (run.written()) {
      remark.append(", written by the device");
    }
    if (run.unknownBits() != 0) {
      remark.append(", ").append(unknownRemark(run.unknownBits()));
    }
    return remark.toString();
  }

  private static String unknownRemark(long bits) {
    return bits == 0 ? "" : DecodedField.UNKNOWN + DecodedEntry.bitsText(bits);
  }

  /** One sentence on the root. */
  static String title(TableTree tree) {
    return "%s table, %d address bits, %s%s"
        .formatted(
            tree.format(),
            tree.widthLg2(),
            tree.tables() == 1 ? "1 table" : tree.tables() + " tables",
            tree.flaws() == 0
                ? ""
                : ", %d %s not valid".formatted(tree.flaws(), tree.flaws() == 1 ? "row" : "rows"));
  }

  /** What a table is: level, address, items. */
  static String tableText(TableTree.Table table) {
    return "level %d, table address %s, %d items"
        .formatted(table.level(), TextView.hex(table.address()), table.items());
  }
}
