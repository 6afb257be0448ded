package dev.genpt.inspect;

import dev.genpt.inspect.PageMap.Leaf;
import dev.genpt.inspect.Palette.Tone;
import dev.genpt.inspect.SvgCanvas.Anchor;
import dev.genpt.inspect.SvgCanvas.Font;
import dev.genpt.inspect.SvgCanvas.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Draws page maps: the pages of every map in the left column, the frames that they share in the
 * right one, and an arrow for each leaf. Not thread-safe; one a drawing.
 */
final class PageMapDrawing {
  private static final int MARGIN = 24;
  private static final int BOX_WIDTH = 250;
  private static final int BOX_HEIGHT = 30;
  private static final int GAP_HEIGHT = 24;
  private static final int HEADING_HEIGHT = 34;
  private static final int ARROWS = 190;
  private static final int TOP = 64;
  private static final Font TITLE = Font.sans(15).inBold();
  private static final Font NAME = Font.sans(14).inBold();
  private static final Font ADDRESS = Font.mono(13);
  private static final Font SIZE = Font.sans(12);
  private static final Font GAP = Font.sans(12).in(Palette.PLAIN);

  /** A frame: two leaves with equal ones share it. */
  private record Frame(long outputAddress, int sizeLg2) implements Comparable<Frame> {
    static Frame of(Leaf leaf) {
      return new Frame(leaf.outputAddress(), leaf.sizeLg2());
    }

    @Override
    public int compareTo(Frame other) {
      int byAddress = Long.compareUnsigned(outputAddress, other.outputAddress);
      return byAddress != 0 ? byAddress : Integer.compare(sizeLg2, other.sizeLg2);
    }
  }

  /** A place in a column: a box for a page or frame, a gap, or a name. */
  private sealed interface Place {
    int height();
  }

  private record Box(Tone tone, long address, int sizeLg2, Object key) implements Place {
    @Override
    public int height() {
      return BOX_HEIGHT;
    }
  }

  private record Gap(String text) implements Place {
    @Override
    public int height() {
      return GAP_HEIGHT;
    }
  }

  private record Heading(String text) implements Place {
    @Override
    public int height() {
      return HEADING_HEIGHT;
    }
  }

  /** A leaf of the map with that number. */
  private record Page(int map, Leaf leaf) {}

  private final List<PageMap> maps;
  private final SvgCanvas canvas = new SvgCanvas();
  private final Map<Object, Integer> middles = new LinkedHashMap<>();

  PageMapDrawing(List<PageMap> maps) {
    this.maps = List.copyOf(maps);
  }

  String draw() {
    List<Place> pages = pages();
    List<Place> frames = frames();
    int height = Math.max(heightOf(pages), heightOf(frames));
    int right = MARGIN + BOX_WIDTH + ARROWS;
    drawTitle(MARGIN, "Pages", "input addresses", Palette.INPUT);
    drawTitle(right, "Frames", "output addresses", Palette.OUTPUT);
    drawColumn(pages, MARGIN, TOP + (height - heightOf(pages)) / 2);
    drawColumn(frames, right, TOP + (height - heightOf(frames)) / 2);
    middles.forEach((key, middle) -> {
      if (key instanceof Page page) {
        int end = middles.getOrDefault(Frame.of(page.leaf), middle);
        canvas.arrow(
            Palette.PLAIN.ink(),
            new Point(MARGIN + BOX_WIDTH, middle),
            new Point(right - 22, end),
            new Point(right, end));
      }
    });
    return canvas.svg(
        right + BOX_WIDTH + MARGIN,
        TOP + height + MARGIN,
        "Which page of the input addresses leads to which frame of the output addresses",
        description());
  }

  private String description() {
    return maps.stream()
        .flatMap(map ->
            map.leaves().stream()
                .map(leaf ->
                    "%s: page %s leads to frame %s."
                        .formatted(
                            map.name(),
                            TextView.hex(leaf.iova()),
                            TextView.hex(leaf.outputAddress()))))
        .collect(Collectors.joining(" "));
  }

  private void drawTitle(int x, String title, String space, Tone tone) {
    canvas.text(x, 40, Anchor.START, TITLE.in(tone), title);
    canvas.text(x + TITLE.widthOf(title) + 8, 40, Anchor.START, SIZE.in(tone), "(" + space + ")");
  }

  private List<Place> pages() {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < maps.size(); i++) {
      PageMap map = maps.get(i);
      if (maps.size() > 1) {
        places.add(new Heading(map.name()));
      }
      for (int k = 0; k < map.leaves().size(); k++) {
        Leaf leaf = map.leaves().get(k);
        if (k == 0 ? leaf.iova() != 0 : !map.leaves().get(k - 1).isFollowedBy(leaf)) {
          places.add(new Gap("⋮  not mapped"));
        }
        places.add(new Box(Palette.INPUT, leaf.iova(), leaf.sizeLg2(), new Page(i, leaf)));
      }
      places.add(
          new Gap(map.left() > 0 ? "⋮  %d pages more".formatted(map.left()) : "⋮  not mapped"));
    }
    return places;
  }

  private List<Place> frames() {
    var frames = new TreeSet<Frame>();
    maps.forEach(map -> map.leaves().forEach(leaf -> frames.add(Frame.of(leaf))));
    List<Place> places = new ArrayList<>();
    long next = 0;
    for (Frame frame : frames) {
      if (frame.outputAddress != next) {
        places.add(new Gap("⋮  no page leads here"));
      }
      places.add(new Box(Palette.OUTPUT, frame.outputAddress, frame.sizeLg2, frame));
      next = frame.outputAddress + (1L << frame.sizeLg2);
    }
    places.add(new Gap("⋮  no page leads here"));
    return places;
  }

  private static int heightOf(List<Place> places) {
    return places.stream().mapToInt(Place::height).sum();
  }

  private void drawColumn(List<Place> places, int x, int top) {
    int y = top;
    for (Place place : places) {
      switch (place) {
        case Box box -> drawBox(box, x, y);
        case Gap gap -> canvas.text(x + 12, y + 16, Anchor.START, GAP, gap.text);
        case Heading heading ->
            canvas.text(x, y + 24, Anchor.START, NAME.in(Palette.INPUT), heading.text);
      }
      y += place.height();
    }
  }

  private void drawBox(Box box, int x, int y) {
    int line = y + 20;
    canvas.box(x, y, BOX_WIDTH, BOX_HEIGHT, box.tone);
    canvas.text(x + 12, line, Anchor.START, ADDRESS.in(box.tone), TextView.hex(box.address));
    canvas.text(
        x + BOX_WIDTH - 12, line, Anchor.END, SIZE.in(box.tone), ByteSize.ofLg2(box.sizeLg2));
    middles.put(box.key, y + BOX_HEIGHT / 2);
  }
}
