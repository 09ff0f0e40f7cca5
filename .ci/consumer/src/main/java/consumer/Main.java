package consumer;

import dev.depthwise.examples.Classify;
import java.nio.file.Path;
import java.util.List;

/** Classifies a picture with an example of the documentation. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Path model = Path.of(arguments[0]);
    System.out.println(Classify.classify(model, List.of(Path.of(arguments[1]))).get(0));
  }
}
