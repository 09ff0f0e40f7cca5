package dev.depthwise.draw;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SvgTest {
  @Test
  void numbersAreShort() {
    assertThat(Svg.number(3)).isEqualTo("3");
    assertThat(Svg.number(-0.04)).isEqualTo("0");
    assertThat(Svg.number(120.25)).isEqualTo("120.3");
    assertThat(Svg.number(100)).isEqualTo("100");
  }

  @Test
  void whatComesFromFilesIsEscaped() {
    assertThat(Svg.escaped("<a b=\"1\">&\u0001")).isEqualTo("&lt;a b=&quot;1&quot;&gt;&amp;?");
  }
}
