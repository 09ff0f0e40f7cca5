package dev.depthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.depthwise.network.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemorySizeTest {
  @Test
  void sizesAreReadAsPeopleWriteThem() {
    assertThat(MemorySize.parse("2g")).isEqualTo(2_000_000_000L);
    assertThat(MemorySize.parse("1500M")).isEqualTo(1_500_000_000L);
    assertThat(MemorySize.parse("3GB")).isEqualTo(3_000_000_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2", "g", "0g", "-1g", "1.5g", "2t", "99999999999g"})
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> MemorySize.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("like 1500m or 2g; got " + text);
  }
}
