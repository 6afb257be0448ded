package dev.genpt.inspect;

import dev.genpt.inspect.TableTree.Pointer;
import dev.genpt.inspect.TableTree.Row;
import dev.genpt.inspect.TableTree.Table;
import java.util.ArrayList;
import java.util.List;

/** Draws a tree as lines of text. Not thread-safe; one a drawing. */
final class TreeText {
  private final Ink ink;
  private final TableTree tree;
  private final StringBuilder text = new StringBuilder();

  TreeText(Ink ink, TableTree tree) {
    this.ink = ink;
    this.tree = tree;
  }

  String text() {
    text.append(RowText.title(tree)).append('\n');
    text.append("root: ").append(tableText(tree.root())).append('\n');
    rows(tree.root(), "");
    return text.toString();
  }

  private String tableText(Table table) {
    return ink.paint(Palette.TABLE, RowText.tableText(table));
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
      RowText row = texts.get(i);
      String line =
          "%s%s %s  %s  %s  %s"
              .formatted(
                  indent,
                  last ? "`-" : "|-",
                  padded(row.items(), items),
                  ink.paint(Palette.INPUT, padded(row.input(), input)),
                  ink.paint(row.tone(), row.target()),
                  row.remark());
      text.append(line.stripTrailing()).append('\n');
      // Folded pointers say all on their row.
      if (table.rows().get(i) instanceof Pointer pointer) {
        rows(pointer.table(), indent + (last ? "   " : "|  "));
      }
    }
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
