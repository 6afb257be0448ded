package dev.genpt.format;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.table.FormatDefinition;
import java.util.List;
import java.util.Optional;

/** The formats that the engine has, by name. Stateless. */
public final class Formats {
  private static final List<FormatDefinition> ALL =
      List.of(
          Amdv1.DEFINITION,
          Amdv1Mock.DEFINITION,
          X86_64.DEFINITION,
          VtdSecondStage.DEFINITION,
          Riscv.DEFINITION);

  private Formats() {}

  /** Every format. */
  public static List<FormatDefinition> all() {
    return ALL;
  }

  /** The format of that name, if the engine has it. */
  public static Optional<FormatDefinition> find(String name) {
    return ALL.stream().filter(definition -> definition.name().equals(name)).findFirst();
  }

  /**
   * The format of that name.
   *
   * @throws IommuException EINVAL, with the names that exist, if there is none
   */
  public static FormatDefinition byName(String name) {
    return find(name)
        .orElseThrow(() ->
            new IommuException(
                Errno.EINVAL,
                "format \"%s\" is not known; there are: %s"
                    .formatted(
                        name,
                        String.join(", ", ALL.stream().map(FormatDefinition::name).toList()))));
  }
}
