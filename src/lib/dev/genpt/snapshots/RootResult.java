package dev.genpt.snapshots;

import java.util.List;

/** What came of one root. */
public sealed interface RootResult {
  /** The root in one line: what was checked, and that all is well or what is not. */
  String line();

  /** Whose root it is, as far as that is known. */
  String name();

  /** What was not as it must be, a line each. */
  default List<String> problems() {
    return List.of();
  }

  /**
   * A root that was checked.
   *
   * @param file the file's name
   * @param levels how many levels the table has
   * @param mappings how many rows of mappings its table was compared with
   * @param faults how many addresses were tried that must not translate
   * @param note what else is to be said if all is well, or an empty text
   * @param problems empty if all is well
   */
  record Checked(
      String file,
      String device,
      String format,
      int levels,
      int mappings,
      int faults,
      String note,
      List<String> problems)
      implements RootResult {
    /** Copies the list. */
    public Checked {
      problems = List.copyOf(problems);
    }

    @Override
    public String name() {
      return file + " " + device;
    }

    @Override
    public String line() {
      return "%s  %-8s  %5d mappings  %3d faults  %s"
          .formatted(
              start(file, device, format),
              levels == 1 ? "1 level" : levels + " levels",
              mappings,
              faults,
              outcome());
    }

    private String outcome() {
      return switch (problems.size()) {
        case 0 -> note.isEmpty() ? "ok" : "ok, " + note;
        case 1 -> "FAILED: " + problems.getFirst();
        default ->
            "FAILED, %d differences, first: %s".formatted(problems.size(), problems.getFirst());
      };
    }
  }

  /** The engine does not have the format. */
  record Skipped(String file, String device, String format) implements RootResult {
    @Override
    public String name() {
      return file + " " + device;
    }

    @Override
    public String line() {
      return "%s  skipped: the engine has no format %s"
          .formatted(start(file, device, format), format);
    }
  }

  /** An image that could not be read, or a device table that leads to more than the roots say. */
  record Refused(String file, String problem) implements RootResult {
    @Override
    public String name() {
      return file;
    }

    @Override
    public List<String> problems() {
      return List.of(problem);
    }

    @Override
    public String line() {
      return "%-18s  FAILED: %s".formatted(file, problem);
    }
  }

  private static String start(String file, String device, String format) {
    return "%-18s  %-7s  %-7s".formatted(file, device, format);
  }
}
