///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//DEPS info.picocli:picocli:4.7.7
//DEPS org.jspecify:jspecify:1.0.1
//SOURCES ../engine/Sources.java
//SOURCES lib/dev/genpt/cli/WrongUsage.java
//SOURCES lib/dev/genpt/formats/FormatsCommand.java
//SOURCES lib/dev/genpt/formats/package-info.java

import dev.genpt.formats.FormatsCommand;

/** Shows what the page-table formats have, or the layout of one. */
final class Formats {
  private Formats() {}

  /** Runs the command line; exits with its status. */
  public static void main(String[] args) {
    System.exit(FormatsCommand.commandLine().execute(args));
  }
}
