package dev.genpt.kunit;

import java.util.function.Consumer;

/**
 * One case of a suite.
 *
 * @param name upstream's name
 * @param body what it checks; aborts to skip
 */
record KunitCase(String name, Consumer<KunitFixture> body) {}
