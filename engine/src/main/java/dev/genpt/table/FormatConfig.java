package dev.genpt.table;

/**
 * What a caller asks of a format for one table.
 *
 * @param features mask of requested features that the build supports
 * @param hwMaxVaLg2 input address bits of the hardware
 * @param hwMaxOaLg2 output address bits of the hardware
 * @param topLevel level of the first root; formats that derive it from the width ignore it
 * @param encryptionMask the address bit that marks encrypted memory, 0 if there is none
 */
public record FormatConfig(
    int features, int hwMaxVaLg2, int hwMaxOaLg2, int topLevel, long encryptionMask) {}
