package dev.genpt.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/**
 * Answers a command line that can't be read with what is wrong and where help is, on standard
 * error, and with the exit status of wrong usage. Stateless.
 */
public final class WrongUsage implements IParameterExceptionHandler {
  /** The handler. */
  public WrongUsage() {}

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(command.getCommandName() + ": " + e.getMessage());
    err.println("Try: ./jbang " + command.getCommandName() + " --help");
    return CommandLine.ExitCode.USAGE;
  }
}
