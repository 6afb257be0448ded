package dev.genpt.snapshots;

/** An image written by hand, with no key that can be left out. */
final class HandMade {
  /** A VT-d second stage of three levels: a 4K leaf for reading and a 2M leaf for writing. */
  static final String IMAGE =
      """
      {"roots": [{"device": "00:01.0", "format": "vtdss", "top_pa": "1000", "top_level": 2}],
       "regions": [
        {"pa": "1000", "words": ["2003", "0*511"]},
        {"pa": "2000", "words": ["3003", "40000282", "0*510"]},
        {"pa": "3000", "words": ["0*5", "77000101", "0*506"]}],
       "expect": [
        {"device": "00:01.0", "iova": "5000", "size_lg2": 12, "pa": "77000000",
         "read": true, "write": false, "level": 0, "word": "77000101"},
        {"device": "00:01.0", "iova": "200000", "size_lg2": 21, "pa": "40000000",
         "read": false, "write": true, "level": 1, "word": "40000282"}],
       "faults": [{"device": "00:01.0", "iova": "4fff"}]}
      """;

  private HandMade() {}
}
