package dev.genpt.bench;

/**
 * One engine doing one operation of a case; the phases of a case are measured in turn.
 *
 * @param mode that of the case, or IN_TURNS beside TWO_THREADS
 */
public record Phase(Operation operation, Engine engine, Mode mode) {}
