package dev.genpt;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.genpt.table.PageTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The floors of the engine: imports point downward only, packages of one floor do not know each
 * other, and nothing comes from outside but the JDK and the annotations of jspecify.
 *
 * <p>Packages that are yet to come stand here already.
 */
final class FloorsTest {
  private static final String ROOT = "dev.genpt.";

  /**
   * The packages by floor, from 0 upward; each stands for those below it in name too. Floor 0 has a
   * step: memory stands on the arithmetic and the errors.
   */
  private static final List<List<String>> FLOORS =
      List.of(
          List.of("bits", "error"),
          List.of("memory"),
          List.of("table"),
          List.of("format"),
          List.of("iommu"),
          List.of("amd", "iommufd", "legacy"),
          List.of("device"),
          List.of("inspect", "kho"));

  /** Floor 0. */
  private static final List<String> GROUND = List.of("bits", "error", "memory");

  private static final List<String> OUTSIDE = List.of("java..", "org.jspecify..");

  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .importUrl(PageTable.class.getProtectionDomain().getCodeSource().getLocation());

  /** A package and the packages that it may use. */
  record Rule(String name, List<String> mayUse) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    List<String> below = new ArrayList<>(OUTSIDE);
    for (List<String> floor : FLOORS) {
      for (String name : floor) {
        List<String> mayUse = new ArrayList<>(below);
        mayUse.add(ROOT + name + "..");
        rules.add(new Rule(name, mayUse));
      }
      floor.forEach(name -> below.add(ROOT + name + ".."));
    }
    return rules.stream();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void usesOnlyWhatIsBelow(Rule rule) {
    classes()
        .that()
        .resideInAPackage(ROOT + rule.name + "..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(rule.mayUse.toArray(String[]::new)))
        .allowEmptyShould(true)
        .check(ENGINE);
  }

  /** The simulated chip reads words by its manual, as an independent check of the engine. */
  @Test
  void theSimulatedHardwareKnowsNothingOfTheEngine() {
    List<String> mayUse = new ArrayList<>(OUTSIDE);
    mayUse.add(ROOT + "amd.hardware..");
    GROUND.forEach(name -> mayUse.add(ROOT + name + ".."));
    classes()
        .that()
        .resideInAPackage(ROOT + "amd.hardware..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(mayUse.toArray(String[]::new)))
        .allowEmptyShould(true)
        .check(ENGINE);
  }

  /** The driver reaches the simulated chip through memory and registers alone. */
  @Test
  void theDriverKnowsNothingOfTheSimulatedHardware() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "amd.driver..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "amd.hardware..")
        .check(ENGINE);
  }

  @Test
  void everyClassLivesOnAFloor() {
    String[] floors =
        FLOORS.stream()
            .flatMap(List::stream)
            .map(name -> ROOT + name + "..")
            .toArray(String[]::new);
    classes().should().resideInAnyPackage(floors).check(ENGINE);
    assertTrue(ENGINE.contain(PageTable.class));
  }
}
