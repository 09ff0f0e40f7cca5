package dev.depthwise.cli;

import dev.depthwise.weights.Publish;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A page of a report, as one file that needs nothing else. */
final class Page {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --faint: #667; --line: #8884; --card: #8881; \
      --bar: #2a9d6f; --residual: #1f77b4; --plain: #e07b00; }
      @media (prefers-color-scheme: dark) { :root { --faint: #99a; --bar: #3fbf8a; } }
      * { box-sizing: border-box; }
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; \
      padding: 0 1rem; }
      h1 { font-size: 1.7rem; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin-top: 2.4rem; }
      p { max-width: 44rem; } .faint { color: var(--faint); }
      .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); \
      gap: .8rem; }
      .card { display: flex; gap: .8rem; padding: .7rem; border: 1px solid var(--line); \
      border-radius: .5rem; background: var(--card); }
      .card img { width: 84px; height: 84px; object-fit: contain; image-rendering: pixelated; \
      border-radius: .25rem; flex: none; }
      .card div { flex: 1; min-width: 0; font-size: .85rem; }
      .guess { display: grid; grid-template-columns: 1fr auto; } .guess i { grid-column: 1 / 3; }
      i.bar { display: block; height: .35rem; border-radius: .2rem; background: var(--line); \
      overflow: hidden; } i.bar b { display: block; height: 100%; background: var(--bar); }
      .big { font-size: 2.6rem; font-weight: 650; line-height: 1.1; }
      table { border-collapse: collapse; width: 100%; max-width: 44rem; } \
      td, th { text-align: left; padding: .25rem .8rem .25rem 0; \
      border-bottom: 1px solid var(--line); font-weight: normal; }
      th { color: var(--faint); font-size: .85rem; } td.number, th.number { text-align: right; \
      font-variant-numeric: tabular-nums; } td.wide { width: 40%; }
      figure { margin: 1rem 0; } .plot { display: grid; grid-template-columns: auto 1fr; \
      gap: .2rem .6rem; max-width: 44rem; font-size: .85rem; color: var(--faint); }
      .plot svg { width: 100%; height: auto; display: block; border-left: 1px solid var(--line); \
      border-bottom: 1px solid var(--line); }
      .scale { display: flex; justify-content: space-between; } .scale.up { \
      flex-direction: column; text-align: right; }
      .plot svg { overflow: visible; } .grid { stroke: var(--line); } \
      .curve { fill: none; stroke: currentColor; stroke-width: 2.5; stroke-linejoin: round; }
      .mark { stroke: var(--faint); stroke-dasharray: 4 4; } .measured { opacity: .35; stroke-width: 1.5; } \
      .key b { font-weight: 600; } .residual { color: var(--residual); } \
      .plain { color: var(--plain); }
      pre { padding: .8rem 1rem; background: var(--card); border: 1px solid var(--line); \
      border-radius: .5rem; overflow-x: auto; font-size: .85rem; }
      """;

  private Page() {}

  /**
   * Writes a page, in place of an older one.
   *
   * @param title plain text
   * @param facts plain text, a line each, below the title
   * @param body HTML
   */
  static void write(Path target, String title, List<String> facts, CharSequence body) {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.append(
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    page.append(escaped(title)).append("</title>\n<style>\n").append(STYLE);
    page.append("</style>\n</head>\n<body>\n<h1>").append(escaped(title));
    page.append("</h1>\n<p class=\"faint\">");
    facts.forEach(fact -> page.append(escaped(fact)).append("<br>\n"));
    page.append("Depthwise ").append(escaped(Main.Version.text())).append("</p>\n");
    page.append(body).append("</body>\n</html>\n");
    Publish.file(target, path -> Files.writeString(path, page, StandardCharsets.UTF_8));
  }

  /** Plain text as HTML. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
