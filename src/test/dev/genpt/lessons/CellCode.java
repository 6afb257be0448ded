package dev.genpt.lessons;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.ImportSnippet;
import jdk.jshell.JShell;
import jdk.jshell.MethodSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.TypeDeclSnippet;
import jdk.jshell.VarSnippet;

/**
 * The code of a cell, taken apart as a kernel does, without running it.
 *
 * @param snippets in order
 * @param words the code without comments and literals
 */
record CellCode(List<Snippet> snippets, String words) {
  private static final Pattern NOT_CODE =
      Pattern.compile(
          "//[^\n]*|/\\*.*?\\*/|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'",
          Pattern.DOTALL);

  /** Takes cells apart; one for many of them, since its start takes a while. */
  static final class Reader implements AutoCloseable {
    private final JShell shell = JShell.builder().executionEngine("local").build();

    CellCode read(String source) {
      SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
      List<Snippet> snippets = new ArrayList<>();
      String rest = source;
      while (!rest.isBlank()) {
        CompletionInfo next = analysis.analyzeCompletion(rest);
        String piece = next.source() == null ? rest : next.source();
        snippets.addAll(analysis.sourceToSnippets(piece));
        rest = next.source() == null ? "" : next.remaining();
      }
      return new CellCode(List.copyOf(snippets), NOT_CODE.matcher(source).replaceAll(" "));
    }

    @Override
    public void close() {
      shell.close();
    }
  }

  static boolean isImport(Snippet snippet) {
    return snippet instanceof ImportSnippet;
  }

  /** Whether it runs something, and so may show something. */
  boolean runsSomething() {
    return snippets.stream()
        .anyMatch(snippet ->
            !(isImport(snippet)
                || snippet instanceof VarSnippet
                || snippet instanceof MethodSnippet
                || snippet instanceof TypeDeclSnippet));
  }

  /** The names of the variables that it declares at its top. */
  Set<String> variables() {
    return names(false);
  }

  /** Those of them that are declared with {@code var}. */
  Set<String> untyped() {
    return names(true);
  }

  private Set<String> names(boolean untypedOnly) {
    return snippets.stream()
        .filter(VarSnippet.class::isInstance)
        .map(VarSnippet.class::cast)
        .filter(variable ->
            !untypedOnly || variable.source().strip().matches("(?s)(final\\s+)?var\\b.*"))
        .map(VarSnippet::name)
        .collect(Collectors.toSet());
  }

  /** Whether it uses a name that it has not declared itself, at its top or further in. */
  boolean borrows(String name) {
    String quoted = Pattern.quote(name);
    return has("(?<![\\w.])" + quoted + "(?!\\w)")
        && !variables().contains(name)
        && !has(
            "(?<![\\w.])(?!return\\b|yield\\b)[\\w<>\\[\\]]+\\s+"
                + quoted
                + "\\s*(?:=(?!=)|[:,;)])")
        && !has("(?<![\\w.])" + quoted + "\\s*->");
  }

  /** Whether the code, comments and literals aside, contains a pattern. */
  boolean has(String pattern) {
    return Pattern.compile(pattern).matcher(words).find();
  }
}
