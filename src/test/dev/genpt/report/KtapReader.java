package dev.genpt.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reader of KTAP version 1 that takes nothing but what the kernel's documentation allows, and of
 * that only what can be told from a mistake: no unknown lines, a plan and a name for everything,
 * two spaces a level, no directive but SKIP.
 */
final class KtapReader {
  private static final String INDENT = "  ";
  private static final Pattern VERSION = Pattern.compile("KTAP version 1");
  private static final Pattern HEADER = Pattern.compile("# Subtest: (\\S.*)");
  private static final Pattern PLAN = Pattern.compile("1\\.\\.(0|[1-9]\\d*)");
  private static final Pattern DIAGNOSTIC = Pattern.compile("#(?! Subtest: )(?: (.*))?");
  private static final Pattern RESULT =
      Pattern.compile(
          "(ok|not ok) ([1-9]\\d*) ([^#\\s](?:[^#]*[^#\\s])?)( # SKIP(?: (?!.*# )(.*))?)?");

  private final List<String> lines;
  private int at;

  private KtapReader(List<String> lines) {
    this.lines = lines;
  }

  /**
   * One test.
   *
   * @param name its name
   * @param verdict what its line says
   * @param reason why it was skipped, if it was
   * @param diagnostics the lines right before its result, without the sign
   * @param tests the tests in it, none for a run
   */
  record Test(
      String name, Verdict verdict, String reason, List<String> diagnostics, List<Test> tests) {}

  /** What is inside a test. */
  private record Body(String header, List<Test> tests) {}

  /**
   * The tests at the top.
   *
   * @throws IllegalArgumentException with the first line that must not be so
   */
  static List<Test> read(String text) {
    if (!text.endsWith("\n")) {
      throw new IllegalArgumentException("the last line has no end");
    }
    String whole = text.substring(0, text.length() - 1);
    KtapReader reader = new KtapReader(List.of(whole.split("\n", -1)));
    Body body = reader.body(0);
    reader.diagnostics(0);
    if (reader.at < reader.lines.size()) {
      throw reader.wrong("nothing more");
    }
    return body.tests;
  }

  /** Version, header but at the top, plan, and as many tests as it says. */
  private Body body(int level) {
    take(level, VERSION, "the version");
    String header = level == 0 ? "" : take(level, HEADER, "the header of a subtest").group(1);
    int planned = Integer.parseInt(take(level, PLAN, "the plan").group(1));
    List<Test> tests = new ArrayList<>();
    while (tests.size() < planned) {
      tests.add(test(level, tests.size() + 1));
    }
    return new Body(header, tests);
  }

  private Test test(int level, int number) {
    boolean isRun = !isAt(level + 1, VERSION);
    Body body = isRun ? new Body("", List.of()) : body(level + 1);
    List<String> diagnostics = diagnostics(level);
    Matcher result = take(level, RESULT, "result " + number);
    Test test = new Test(result.group(3), verdict(result), reason(result), diagnostics, body.tests);
    boolean failedInside = body.tests.stream().anyMatch(each -> each.verdict == Verdict.FAILED);
    if (Integer.parseInt(result.group(2)) != number
        || !isRun && !body.header.equals(test.name)
        || !isRun && failedInside != (test.verdict == Verdict.FAILED)) {
      at--;
      throw wrong("number %d, name and verdict as of the tests in it".formatted(number));
    }
    return test;
  }

  private Verdict verdict(Matcher result) {
    boolean ok = result.group(1).equals("ok");
    if (result.group(4) == null) {
      return ok ? Verdict.PASSED : Verdict.FAILED;
    }
    if (!ok) {
      at--;
      throw wrong("no failure that was skipped");
    }
    return Verdict.SKIPPED;
  }

  private static String reason(Matcher result) {
    return result.group(5) == null ? "" : result.group(5);
  }

  private List<String> diagnostics(int level) {
    List<String> found = new ArrayList<>();
    while (isAt(level, DIAGNOSTIC)) {
      String text = take(level, DIAGNOSTIC, "a diagnostic").group(1);
      found.add(text == null ? "" : text.strip());
    }
    return found;
  }

  private Matcher take(int level, Pattern form, String what) {
    if (!isAt(level, form)) {
      throw wrong(what + " at level " + level);
    }
    Matcher matcher = matcher(level, form);
    at++;
    return matcher;
  }

  private boolean isAt(int level, Pattern form) {
    return at < lines.size()
        && lines.get(at).startsWith(INDENT.repeat(level))
        && matcher(level, form).matches();
  }

  private Matcher matcher(int level, Pattern form) {
    Matcher matcher = form.matcher(lines.get(at).substring(INDENT.length() * level));
    matcher.matches();
    return matcher;
  }

  private IllegalArgumentException wrong(String expected) {
    String found = at < lines.size() ? "\"" + lines.get(at) + "\"" : "the end";
    return new IllegalArgumentException(
        "line %d: expected %s, found %s".formatted(at + 1, expected, found));
  }
}
