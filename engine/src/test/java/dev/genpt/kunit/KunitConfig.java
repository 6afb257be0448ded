package dev.genpt.kunit;

/**
 * One configuration that a format is tested in.
 *
 * @param vaLg2 input address bits; 0 for the most that the format has
 * @param topLevel level of the first root
 * @param features mask of the controlled features that are on
 * @param pageSizes the bitmap of page sizes that must come out
 */
public record KunitConfig(int vaLg2, int topLevel, int features, long pageSizes) {}
