package dev.genpt.inspect;

import dev.genpt.inspect.TableTree.Pointer;
import dev.genpt.inspect.TableTree.Row;
import dev.genpt.inspect.TableTree.Table;
import java.util.ArrayList;
import java.util.List;

/** Draws a tree as lines of text. Not thread-safe; one a drawing. */
final class TreeText {
  private static final int GAP = 2;

  private final Ink ink;
  private final TableTree tree;
  private final StringBuilder text = new StringBuilder();
  private int shown;
  private int left;

  TreeText(Ink ink, TableTree tree) {
    this.ink = ink;
    this.tree = tree;
  }

  String text() {
    text.append(RowText.title(tree)).append('\n');
    text.append("root: ")
        .append(ink.paint(Palette.TABLE, RowText.tableText(tree.root())))
        .append('\n');
    rows(tree.root(), "");
    if (left > 0) {
      text.append("and %d rows more\n".formatted(left));
    }
    return text.toString();
  }

  private void rows(Table table, String indent) {
    List<RowText> texts = new ArrayList<>();
    int items = 0;
    int input = 0;
    for (Row row : table.rows()) {
      RowText rowText = RowText.of(row, tree.wordBits());
      texts.add(rowText);
      items = Math.max(items, rowText.items().length());
      input = Math.max(input, rowText.input().length());
    }
    for (int i = 0; i < texts.size(); i++) {
      boolean last = i == texts.size() - 1;
      String below = indent + (last ? "   " : "|  ");
      if (shown < TableTree.SHOWN_ROWS) {
        shown++;
        row(texts.get(i), indent + (last ? "`- " : "|- "), below, items, input);
      } else {
        left++;
      }
      // Folded pointers say all on their row.
      if (table.rows().get(i) instanceof Pointer pointer) {
        rows(pointer.table(), below);
      }
    }
  }

  /** One row; what does not fit beside the addresses goes below, in the same column. */
  private void row(RowText row, String branch, String below, int items, int input) {
    int column = branch.length() + items + GAP + input + GAP;
    int room = TextView.COLUMNS - column;
    List<String> target = Wrap.columns(row.target(), room);
    List<String> remark = row.remark().isEmpty() ? List.of() : Wrap.columns(row.remark(), room);
    List<String> lines = new ArrayList<>();
    target.forEach(line -> lines.add(ink.paint(row.tone(), line)));
    boolean fits =
        target.size() == 1
            && remark.size() == 1
            && row.target().length() + GAP + row.remark().length() <= room;
    if (fits) {
      lines.set(0, lines.getFirst() + " ".repeat(GAP) + row.remark());
    } else {
      lines.addAll(remark);
    }
    text.append(branch)
        .append(padded(row.items(), items))
        .append(" ".repeat(GAP))
        .append(ink.paint(Palette.INPUT, padded(row.input(), input)))
        .append(" ".repeat(GAP))
        .append(lines.getFirst())
        .append('\n');
    for (String line : lines.subList(1, lines.size())) {
      text.append(below).append(" ".repeat(column - below.length())).append(line).append('\n');
    }
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
