package dev.depthwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ImageNetTest {
  @Test
  void namesAThousandClassesInThePublishedOrder() {
    assertThat(ImageNet.labels()).hasSize(ImageNet.CLASSES).doesNotHaveDuplicates();
    assertThat(ImageNet.labels())
        .allMatch(label -> label.equals(label.strip()) && !label.isEmpty());
    assertThat(ImageNet.labels()).startsWith("tench", "goldfish").endsWith("toilet tissue");
    assertThat(ImageNet.labels().get(285)).isEqualTo("Egyptian cat");
    assertThat(ImageNet.labels().get(388)).isEqualTo("giant panda");
  }

  /** ImageNet's order is that of WordNet's numbers. */
  @Test
  void sortsSynsets() {
    assertThat(ImageNet.synsets())
        .hasSize(ImageNet.CLASSES)
        .doesNotHaveDuplicates()
        .allMatch(synset -> synset.matches("n[0-9]{8}"))
        .isSorted()
        .startsWith("n01440764")
        .endsWith("n15075141");
    assertThat(ImageNet.synsets().get(285)).isEqualTo("n02124075");
  }
}
