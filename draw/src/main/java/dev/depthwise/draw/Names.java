package dev.depthwise.draw;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the names of layers have in common. */
final class Names {
  /** Words that say what a layer is rather than where. */
  private static final Set<String> GENERIC =
      Set.of(
          "conv2d",
          "conv",
          "batch",
          "batch_normalization",
          "activation",
          "add",
          "concatenate",
          "features",
          "input",
          "relu",
          "avgpool",
          "maxpool",
          "max_pooling2d",
          "average_pooling2d",
          "lambda",
          "conv_pw",
          "conv_dw",
          "model");

  private Names() {}

  /** The longest beginning of all names that ends where a word does; empty if there is none. */
  static String common(List<String> names) {
    String common = names.get(0);
    for (String name : names) {
      int length = 0;
      while (length < Math.min(common.length(), name.length())
          && common.charAt(length) == name.charAt(length)) {
        length++;
      }
      boolean whole =
          (length == common.length() || isSeparator(common.charAt(length)))
              && (length == name.length() || isSeparator(name.charAt(length)));
      String shared = common.substring(0, length);
      while (!whole && !shared.isEmpty()) {
        char last = shared.charAt(shared.length() - 1);
        shared = shared.substring(0, shared.length() - 1);
        whole = isSeparator(last);
      }
      common = shared;
    }
    while (!common.isEmpty() && isSeparator(common.charAt(common.length() - 1))) {
      common = common.substring(0, common.length() - 1);
    }
    return isGeneric(common) ? "" : common;
  }

  /** A name for a block of these layers. */
  static String block(Item.Block block) {
    List<String> names = new ArrayList<>();
    block.units().forEach(u -> u.layers().forEach(layer -> names.add(layer.node().name())));
    String common = common(names);
    if (!common.isEmpty()) {
      return common;
    }
    String join = block.join().name();
    if (!isGeneric(join) && !isGeneric(join.replaceAll("[._/]?\\d+$", ""))) {
      return join;
    }
    String best = "";
    for (String name : names) {
      for (int end = 1; end < name.length(); end++) {
        String prefix = name.substring(0, end);
        if (isSeparator(name.charAt(end))
            && !isGeneric(prefix)
            && prefix.length() > best.length()) {
          long sharing = names.stream().filter(other -> starts(other, prefix)).count();
          best = sharing * 2 >= names.size() ? prefix : best;
        }
      }
    }
    return best.isEmpty() ? join : best;
  }

  /** A name without what its surroundings say already. */
  static String within(String name, String scope) {
    return !scope.isEmpty() && starts(name, scope) && name.length() > scope.length() + 1
        ? name.substring(scope.length() + 1)
        : name;
  }

  private static boolean starts(String name, String prefix) {
    return name.startsWith(prefix)
        && (name.length() == prefix.length() || isSeparator(name.charAt(prefix.length())));
  }

  private static boolean isGeneric(String word) {
    return GENERIC.contains(word.toLowerCase(Locale.ROOT));
  }

  private static boolean isSeparator(char letter) {
    return letter == '.' || letter == '_' || letter == '/';
  }
}
