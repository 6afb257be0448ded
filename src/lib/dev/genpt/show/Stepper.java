package dev.genpt.show;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A picture story to step through, forward and back: HTML with radio buttons and a style sheet, no
 * script, so that it works in a page that was exported, too. Where a page strips the style, all
 * steps stand one below the other.
 */
final class Stepper {
  private final List<Frame> frames;
  private final String name;

  Stepper(List<Frame> frames) {
    this.frames = List.copyOf(frames);
    name = Html.nameOf(this.frames.toString());
  }

  String html() {
    return "<div id=\"%s\" style=\"%spadding:6px 0\">\n%s%s\n%s</div>"
        .formatted(name, Html.sheet(), style(), inputs(), each(this::frame));
  }

  private String each(IntFunction<String> part) {
    return IntStream.range(0, frames.size()).mapToObj(part).collect(Collectors.joining("\n"));
  }

  /** A frame shows while its button is chosen; the buttons stand in a row, for the arrow keys. */
  private String style() {
    String shown =
        IntStream.range(0, frames.size())
            .mapToObj(i -> "#%s-%d:checked~.step%d".formatted(name, i, i))
            .collect(Collectors.joining(","));
    return """
    <style>
    #%1$s>section{display:none}
    #%1$s>:is(%2$s){display:block}
    #%1$s>input{margin:2px 3px 8px;width:15px;height:15px;accent-color:#0072b2;cursor:pointer}
    #%1$s nav{display:flex;align-items:center;gap:10px;margin:0 0 6px}
    #%1$s nav>*{min-width:74px;text-align:center;padding:3px 10px;border:1px solid #8c8c8c;border-radius:4px;background:#f4f4f4;color:#1c1c1c;margin:0;user-select:none}
    #%1$s nav>label{cursor:pointer}
    #%1$s nav>label:hover{background:#deeef8}
    #%1$s nav>span{color:#b4b4b4;border-color:#dddddd;background:#ffffff}
    #%1$s nav>b{border:none;background:none}
    #%1$s p{margin:0 0 6px;min-height:44px;color:#1c1c1c}
    </style>
    """
        .formatted(name, shown);
  }

  private String inputs() {
    return each(i ->
        "<input type=\"radio\" name=\"%1$s\" id=\"%1$s-%2$d\" aria-label=\"Step %2$d\"%3$s>"
            .formatted(name, i, i == 0 ? " checked" : ""));
  }

  private String frame(int number) {
    Frame frame = frames.get(number);
    return """
    <section class="step%d"><nav>%s<b>Step %d of %d</b>%s</nav>
    <p>%s</p>
    %s</section>\
    """
        .formatted(
            number,
            button(number - 1, "◀ Back"),
            number,
            frames.size() - 1,
            button(number + 1, "Next ▶"),
            Html.escape(frame.sentence()),
            frame.svg());
  }

  private String button(int target, String text) {
    boolean exists = target >= 0 && target < frames.size();
    return exists
        ? "<label for=\"%s-%d\">%s</label>".formatted(name, target, text)
        : "<span>%s</span>".formatted(text);
  }

  /** The sentences, for where there is no page. */
  String text() {
    return each(i -> "step %d of %d: %s".formatted(i, frames.size() - 1, frames.get(i).sentence()))
        + "\n";
  }
}
