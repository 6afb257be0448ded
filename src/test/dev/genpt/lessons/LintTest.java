package dev.genpt.lessons;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule of the lint is seen to fire, alone, on a lesson that breaks it. */
final class LintTest {
  private static final String IMPORT = "import dev.genpt.show.Show " + Lint.WITHOUT_ENGINE + ";";

  /** A notebook under construction. */
  private static final class Draft {
    private final ObjectNode root = new ObjectMapper().createObjectNode();
    private final ArrayNode cells = root.putArray("cells");
    private int runs;

    Draft() {
      ObjectNode metadata = root.putObject("metadata");
      metadata.putObject("kernelspec").put("name", "java").put("language", "java");
      metadata.putObject("language_info").put("name", "java").put("file_extension", ".java");
    }

    /** A lesson that is good up to here: a question and the imports. */
    static Draft begun() {
      return new Draft().markdown("# 00 Which?").silent(IMPORT);
    }

    Draft markdown(String source) {
      cells.addObject().put("cell_type", "markdown").put("source", source);
      return this;
    }

    /** A code cell without output. */
    Draft silent(String source) {
      ObjectNode cell = cells.addObject();
      cell.put("cell_type", "code").put("source", source).put("execution_count", ++runs);
      cell.putObject("metadata");
      cell.putArray("outputs");
      return this;
    }

    /** A code cell that printed something. */
    Draft code(String source, String printed) {
      silent(source);
      output().put("output_type", "stream").put("name", "stdout").put("text", printed);
      return this;
    }

    Draft code(String source) {
      return code(source, "something\n");
    }

    ObjectNode output() {
      return ((ArrayNode) last().path("outputs")).addObject();
    }

    Draft change(String from, String to) {
      ((ObjectNode) last().path("metadata"))
          .putObject("genpt")
          .putObject("change")
          .put("from", from)
          .put("to", to);
      return this;
    }

    ObjectNode last() {
      return (ObjectNode) cells.get(cells.size() - 1);
    }

    List<String> problems() throws IOException {
      return Lint.problems(
          Notebook.parse("00-draft.ipynb", root.toString()), Set.of("gimli", "frodo"));
    }
  }

  private static Arguments broken(String rule, Draft draft) {
    return Arguments.of(rule, draft);
  }

  static Stream<Arguments> drafts() {
    return Stream.of(structure(), code(), outputs(), prompts(), variables())
        .flatMap(rules -> rules);
  }

  private static Stream<Arguments> structure() {
    Draft noKernel = Draft.begun();
    ((ObjectNode) noKernel.root.at("/metadata/kernelspec")).remove("language");
    Draft noLanguage = Draft.begun();
    ((ObjectNode) noLanguage.root.at("/metadata/language_info")).remove("file_extension");
    return Stream.of(
        broken("lacks kernelspec/language", noKernel),
        broken("lacks language_info/file_extension", noLanguage),
        broken("no question", new Draft().markdown("# 00 So it is.").silent(IMPORT)),
        broken("no question", new Draft().silent(IMPORT).markdown("# 00 Which?")));
  }

  private static Stream<Arguments> code() {
    return Stream.of(
        broken("imports come first", new Draft().markdown("?").code("int a = 1; f();")),
        broken("imports come first", new Draft().markdown("?").silent("// Why\n" + IMPORT)),
        broken("imports come first", new Draft().markdown("?").silent("int a = 1;\n" + IMPORT)),
        broken(
            "imports come first",
            new Draft().markdown("?").silent(IMPORT + "\nint a = 1;\nimport java.util.List;")),
        broken(
            "what to do without the engine",
            new Draft().markdown("?").silent("import dev.genpt.show.Show;")),
        broken("an import after", Draft.begun().code("import java.util.List;\nf();")),
        broken("15 lines", Draft.begun().code("f();\n".repeat(15))),
        broken("assert", Draft.begun().code("assert 1 == 1;")),
        broken("assert", Draft.begun().silent("void f() { assert true; }")),
        broken("System.exit", Draft.begun().code("System.exit(0);")),
        broken("System.exit", Draft.begun().code("new java.util.Scanner(System.in).next();")));
  }

  private static Stream<Arguments> outputs() {
    Draft error = Draft.begun().code("f();");
    error.output().put("output_type", "error");
    Draft warning = Draft.begun().code("f();");
    warning.output().put("output_type", "stream").put("name", "stderr").put("text", "hm");
    Draft html = Draft.begun().silent("f();");
    html.output()
        .put("output_type", "display_data")
        .putObject("data")
        .put("text/html", "<a href=\"file:///x/y\">");
    Draft again = Draft.begun().code("f();");
    again.last().put("execution_count", 7);
    return Stream.of(
        broken("ended in an error", error),
        broken("standard error", warning),
        broken("path of one machine", html),
        broken("not the run number 2", again),
        broken("no output is kept", Draft.begun().silent("f();")),
        broken("path of one machine", Draft.begun().code("f();", "in /" + "home/somebody/genpt\n")),
        broken("path of one machine", Draft.begun().code("f();", "in C:" + "\\Users\\x\n")),
        broken("path of one machine", Draft.begun().markdown("See /usr/lib/jvm.")),
        broken("a name of one machine", Draft.begun().code("f();", "host gimli\n")),
        broken("a name of one machine", Draft.begun().markdown("by frodo")));
  }

  private static Stream<Arguments> prompts() {
    return Stream.of(
        broken("1 lines end", Draft.begun().code("int n = 1; // change this\nf(n);")),
        broken("0 lines end", Draft.begun().code("int n = 1;\nf(n);").change("n = 1", "n = 2")),
        broken(
            "2 lines end",
            Draft.begun()
                .code("int n = 1; // change this\nint m = 2; // change this\nf(n + m);")
                .change("n = 1", "n = 2")),
        broken(
            "exactly once",
            Draft.begun().code("int n = 1; // change this\nf(n, 1);").change("1", "2")),
        broken(
            "exactly once",
            Draft.begun().code("int n = 1; // change this\nf(n);").change("n = 3", "n = 2")),
        broken(
            "is not on the line",
            Draft.begun().code("int n = 1; // change this\nf(n);").change("f(n)", "f(2)")),
        broken(
            "another one for it",
            Draft.begun().code("int n = 1; // change this\nf(n);").change("n = 1", "n = 1")));
  }

  private static Stream<Arguments> variables() {
    return Stream.of(
        broken("uses n of", Draft.begun().silent("var n = 1;").code("f(n);")),
        broken(
            "which the reader changes",
            Draft.begun()
                .code("int n = 1; // change this\nf(n);")
                .change("n = 1", "n = 2")
                .code("g(n);")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("drafts")
  void theRuleFiresAlone(String rule, Draft draft) throws IOException {
    List<String> problems = draft.problems();
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().contains(rule), problems.getFirst());
  }

  @Test
  void aGoodLessonPasses() throws IOException {
    Draft draft =
        Draft.begun()
            .silent("int typed = 1;")
            .code("f(typed);\nvar n = \"assert, System.exit, import\"; // assert")
            .code("int n = 3; // change this\nf(n);")
            .change("n = 3", "n = 4")
            .code("for (long n : List.of(1L)) {\n  f(n);\n}\ng(n -> 2 * n);")
            .code("long n = 5;\nf(n);")
            .code("a.n(); // n")
            .markdown("See [01](01-next.ipynb) and ./jbang lab, and 1/home/2.");
    assertEquals(List.of(), draft.problems());
  }
}
