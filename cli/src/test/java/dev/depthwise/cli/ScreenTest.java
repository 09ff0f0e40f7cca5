package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.vision.Picture;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is drawn with characters. */
final class ScreenTest {
  private static final Picture HALVES =
      Picture.of(4, 4, 1, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0});

  @Test
  void barsShowEighths() {
    assertThat(Bars.bar(0.5, 4, true)).isEqualTo("██  ");
    assertThat(Bars.bar(0.53125, 4, true)).isEqualTo("██▏ ");
    assertThat(Bars.bar(1, 4, true)).isEqualTo("████");
    assertThat(Bars.bar(0, 4, true)).isEqualTo("    ");
    assertThat(Bars.bar(0.6, 5, false)).isEqualTo("###  ");
  }

  @Test
  void picturesAreShadesWhereThereAreNoColors() {
    assertThat(Thumbnail.lines(HALVES, 4, screen(Screen.Colors.NONE, StandardCharsets.UTF_8)))
        .containsExactly("@@@@", "    ");
  }

  @Test
  void picturesAreHalfBlocksWhereThereAreColors() {
    assertThat(Thumbnail.lines(HALVES, 4, screen(Screen.Colors.PALETTE, StandardCharsets.UTF_8)))
        .containsExactly(
            "\u001b[38;5;231;48;5;231m▀▀▀▀\u001b[0m", "\u001b[38;5;16;48;5;16m▀▀▀▀\u001b[0m");
    assertThat(Thumbnail.lines(HALVES, 4, screen(Screen.Colors.TRUE, StandardCharsets.UTF_8)))
        .first()
        .isEqualTo("\u001b[38;2;255;255;255;48;2;255;255;255m▀▀▀▀\u001b[0m");
  }

  @Test
  void plainLettersWhereNothingElseArrives() {
    assertThat(screen(Screen.Colors.PALETTE, StandardCharsets.US_ASCII).unicode()).isFalse();
    assertThat(Thumbnail.lines(HALVES, 4, screen(Screen.Colors.PALETTE, StandardCharsets.US_ASCII)))
        .containsExactly("@@@@", "    ");
  }

  @Test
  void columnsOfCellsLineUpWhateverTheirTones() {
    Screen screen = screen(Screen.Colors.PALETTE, StandardCharsets.UTF_8);
    List<String> lines =
        Thumbnail.inColumns(
            List.of(List.of(screen.toned(Screen.Tone.STRONG, "a"), "b"), List.of("c")), 2, 4);
    assertThat(lines).containsExactly("\u001b[1ma\u001b[0m   c", "b", "");
  }

  @Test
  void aTableIsAsWideAsItsWidestCells() {
    assertThat(
            new Table("name", ">count")
                .row("a", "10,000")
                .row("longer", "1")
                .lines(screen(Screen.Colors.NONE, StandardCharsets.UTF_8)))
        .containsExactly("name     count", "a       10,000", "longer       1");
  }

  @Test
  void timesReadAsPeopleSayThem() {
    assertThat(List.of(0.81, 42.4, 192.0, 7500.0).stream().map(Durations::text))
        .containsExactly("0.8 s", "42 s", "3 min 12 s", "2 h 5 min");
  }

  @Test
  void aChartIsLabelledAndStaysInItsFrame() {
    String svg =
        Chart.svg(
            List.of(new Chart.Curve("residual", List.of(9.0, 1.0, 0.0))),
            List.of(new Chart.Mark("mark", 0.25)),
            2,
            0.5,
            "loss");
    assertThat(svg)
        .startsWith("<svg viewBox=\"0 0 640 280\" role=\"img\" aria-label=\"loss\">")
        .contains("<path class=\"mark\" d=\"M160.0 0V280\"/>")
        .contains("<path class=\"curve residual\" d=\"M0.0 0.0L320.0 140.0L640.0 280.0\"/>")
        .endsWith("</svg>");
  }

  private static Screen screen(Screen.Colors colors, Charset charset) {
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, charset);
    return new Screen(nowhere, nowhere, true, true, colors, charset, 80);
  }
}
