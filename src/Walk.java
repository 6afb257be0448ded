///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//DEPS info.picocli:picocli:4.7.7
//DEPS org.jspecify:jspecify:1.0.1
//SOURCES ../engine/Sources.java
//SOURCES lib/dev/genpt/cli/WrongUsage.java
//SOURCES lib/dev/genpt/walk/ExampleMappings.java
//SOURCES lib/dev/genpt/walk/MapAdvice.java
//SOURCES lib/dev/genpt/walk/Mapping.java
//SOURCES lib/dev/genpt/walk/WalkCommand.java
//SOURCES lib/dev/genpt/walk/package-info.java

import dev.genpt.walk.WalkCommand;

/** Draws the walk of one input address through a page table, level by level. */
final class Walk {
  private Walk() {}

  /** Runs the command line; exits with its status. */
  public static void main(String[] args) {
    System.exit(WalkCommand.commandLine().execute(args));
  }
}
