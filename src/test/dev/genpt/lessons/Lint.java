package dev.genpt.lessons;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genpt.lessons.CellCode.Reader;
import dev.genpt.lessons.Notebook.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jshell.Snippet;

/**
 * The rules that keep a lesson working when its reader changes a number, runs cells in any order,
 * opens it on another machine, or has no engine. Why each is there: {@code notebooks/README.md}.
 */
final class Lint {
  /** Lines of a code cell. */
  static final int MOST_LINES = 14;

  /** What marks the line that the reader changes. */
  static final String PROMPT = "// change this";

  /** In the first import: a kernel shows it, with the import, where the engine is missing. */
  static final String WITHOUT_ENGINE =
      "/* Not found? Start with ./jbang lab, or run ./jbang lab --install once. */";

  private static final Pattern ABSOLUTE_PATH =
      Pattern.compile(
          "(?<![\\w.:/<-])/(?:home|Users|root|tmp|var|usr|opt|etc|mnt|private|work)/[\\w.-]*"
              + "|\\b[A-Z]:\\\\+\\w+|\\bfile:/+\\w+");

  private final List<String> problems = new ArrayList<>();
  private final Notebook notebook;
  private final Set<String> privateNames;

  private Lint(Notebook notebook, Set<String> privateNames) {
    this.notebook = notebook;
    this.privateNames = privateNames;
  }

  /**
   * What is wrong with a lesson, a sentence each.
   *
   * @param privateNames of this machine and its user, which must not be in a lesson
   */
  static List<String> problems(Notebook notebook, Set<String> privateNames) {
    var lint = new Lint(notebook, privateNames);
    lint.checkMetadata();
    lint.checkQuestion();
    notebook.cells().forEach(lint::checkTexts);
    try (Reader reader = new Reader()) {
      List<Cell> cells = notebook.codeCells();
      List<CellCode> codes = cells.stream().map(cell -> reader.read(cell.source())).toList();
      for (int i = 0; i < cells.size(); i++) {
        lint.checkCode(cells.get(i), codes.get(i));
        lint.checkImports(cells.get(i), codes.get(i), i == 0);
        lint.checkOutputs(cells.get(i), codes.get(i), i + 1);
        lint.checkPrompt(cells.get(i));
        lint.checkVariables(cells, codes, i);
      }
    }
    return lint.problems;
  }

  private void add(String problem) {
    problems.add(notebook.name() + ": " + problem);
  }

  private void add(Cell cell, String problem) {
    problems.add(cell.place() + ": " + problem);
  }

  private void checkMetadata() {
    for (String rule :
        List.of(
            "/kernelspec/name=java",
            "/kernelspec/language=java",
            "/language_info/name=java",
            "/language_info/file_extension=.java")) {
      String[] parts = rule.split("=", 2);
      if (!notebook.metadata().at(parts[0]).asText().equals(parts[1])) {
        add("the metadata lacks %s %s".formatted(parts[0].substring(1), parts[1]));
      }
    }
  }

  private void checkQuestion() {
    boolean asks =
        notebook.cells().stream()
            .takeWhile(cell -> !cell.isCode())
            .anyMatch(cell -> cell.source().contains("?"));
    if (!asks) {
      add("no question stands before the first code cell");
    }
  }

  private void checkTexts(Cell cell) {
    Stream<String> outputs =
        cell.outputs().stream()
            .flatMap(output ->
                Stream.concat(
                    Stream.of(Notebook.text(output.path("text"))),
                    output.path("data").properties().stream()
                        .filter(data -> !data.getKey().startsWith("image/"))
                        .map(data -> Notebook.text(data.getValue()))));
    Stream.concat(Stream.of(cell.source()), outputs).forEach(text -> checkText(cell, text));
  }

  private void checkText(Cell cell, String text) {
    Matcher path = ABSOLUTE_PATH.matcher(text);
    if (path.find()) {
      add(cell, "a path of one machine: " + path.group());
    }
    for (String name : privateNames) {
      if (Pattern.compile("\\b" + Pattern.quote(name) + "\\b").matcher(text).find()) {
        add(cell, "a name of one machine or its user: " + name);
      }
    }
  }

  private void checkCode(Cell cell, CellCode code) {
    long lines = cell.source().lines().count();
    if (lines > MOST_LINES) {
      add(cell, "%d lines, and %d are the most".formatted(lines, MOST_LINES));
    }
    if (code.has("\\bassert\\b")) {
      add(cell, "assert, which does nothing here: use Check");
    }
    if (code.has("\\bSystem\\s*\\.\\s*(?:exit|in)\\b|\\bRuntime\\b.*\\.(?:exit|halt)\\b")) {
      add(cell, "System.exit or System.in: a kernel has no end and no input of its own");
    }
  }

  private void checkImports(Cell cell, CellCode code, boolean isFirst) {
    List<Snippet> snippets = code.snippets();
    long imports = snippets.stream().filter(CellCode::isImport).count();
    if (!isFirst) {
      if (imports > 0) {
        add(cell, "an import after the first code cell");
      }
      return;
    }
    long leading = snippets.stream().takeWhile(CellCode::isImport).count();
    if (imports == 0 || leading < imports || !cell.source().startsWith("import ")) {
      add(cell, "imports come first in the first code cell, with nothing above them");
    } else if (!cell.source().lines().findFirst().orElse("").contains(WITHOUT_ENGINE)) {
      add(cell, "the first import must say what to do without the engine: " + WITHOUT_ENGINE);
    }
  }

  private void checkOutputs(Cell cell, CellCode code, int number) {
    if (code.runsSomething() && cell.outputs().isEmpty()) {
      add(cell, "it runs something, but no output is kept");
    }
    if (cell.json().path("execution_count").asInt() != number) {
      add(cell, "it is not the run number %d of one run from top to bottom".formatted(number));
    }
    for (JsonNode output : cell.outputs()) {
      if (output.path("output_type").asText().equals("error")) {
        add(cell, "it ended in an error");
      }
      if (output.path("name").asText().equals("stderr")) {
        add(cell, "it wrote to standard error");
      }
    }
  }

  private void checkPrompt(Cell cell) {
    List<String> marked =
        cell.source().lines().filter(line -> line.stripTrailing().endsWith(PROMPT)).toList();
    Optional<JsonNode> change = cell.change();
    if (marked.size() != change.stream().count()) {
      add(
          cell,
          "%d lines end with %s, and %d changes are in the metadata"
              .formatted(marked.size(), PROMPT, change.stream().count()));
      return;
    }
    change.ifPresent(replacement -> {
      String from = replacement.path("from").asText();
      String to = replacement.path("to").asText();
      if (from.isEmpty() || to.isEmpty() || from.equals(to)) {
        add(cell, "the change needs a text to replace and another one for it");
      } else if (cell.source().split(Pattern.quote(from), -1).length != 2) {
        add(cell, "\"%s\" does not stand there exactly once".formatted(from));
      } else if (!marked.getFirst().contains(from)) {
        add(cell, "\"%s\" is not on the line that ends with %s".formatted(from, PROMPT));
      }
    });
  }

  /** No later cell may depend on what a change, or the order of runs, can leave stale. */
  private void checkVariables(List<Cell> cells, List<CellCode> codes, int index) {
    boolean changes = cells.get(index).change().isPresent();
    Set<String> names = changes ? codes.get(index).variables() : codes.get(index).untyped();
    for (String name : names) {
      for (int later = index + 1; later < cells.size(); later++) {
        if (codes.get(later).variables().contains(name)) {
          break;
        }
        if (codes.get(later).borrows(name)) {
          add(
              cells.get(later),
              "it uses %s of %s, %s"
                  .formatted(
                      name,
                      cells.get(index).place(),
                      changes
                          ? "which the reader changes"
                          : "a var, which is lost when that cell runs again"));
          break;
        }
      }
    }
  }
}
