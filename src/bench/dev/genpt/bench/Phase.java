package dev.genpt.bench;

/** One engine doing one operation of a case; the phases of a case are measured in turn. */
public record Phase(Operation operation, Engine engine) {}
