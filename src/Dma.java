///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//DEPS info.picocli:picocli:4.7.7
//DEPS org.jspecify:jspecify:1.0.1
//SOURCES ../engine/Sources.java
//SOURCES lib/dev/genpt/cli/WrongUsage.java
//SOURCES lib/dev/genpt/dma/BufferLife.java
//SOURCES lib/dev/genpt/dma/DmaCommand.java
//SOURCES lib/dev/genpt/dma/DmaStory.java
//SOURCES lib/dev/genpt/dma/package-info.java

import dev.genpt.dma.DmaCommand;

/** Tells the story of a device that moves data by DMA, and misbehaves, behind an AMD IOMMU. */
final class Dma {
  private Dma() {}

  /** Runs the command line; exits with its status. */
  public static void main(String[] args) {
    System.exit(DmaCommand.commandLine().execute(args));
  }
}
