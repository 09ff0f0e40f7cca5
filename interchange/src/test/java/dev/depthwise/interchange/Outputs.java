package dev.depthwise.interchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.depthwise.engine.CompileOptions;
import dev.depthwise.engine.Engine;
import dev.depthwise.engine.Engines;
import dev.depthwise.engine.Executable;
import dev.depthwise.network.Network;
import dev.depthwise.network.Shape;
import java.nio.FloatBuffer;

/** What a network makes of two pictures on each engine, held against somebody else's numbers. */
final class Outputs {
  private static final int COUNT = 2;

  private Outputs() {}

  /** Fails unless every engine makes the expected, both pictures' numbers together. */
  static void assertClose(Network network, float[] pictures, double[] expected, double tolerance) {
    for (String name : new String[] {"reference", "onednn"}) {
      Engine engine = Engines.named(name);
      try (Executable executable =
          engine.compile(network.model(), CompileOptions.batch(COUNT).withThreads(1))) {
        executable.run(FloatBuffer.wrap(pictures), COUNT);
        FloatBuffer output = executable.output();
        assertThat(output.remaining()).as(name).isEqualTo(expected.length);
        double difference = 0;
        double length = 0;
        for (int i = 0; i < expected.length; i++) {
          difference += Math.pow(output.get(i) - expected[i], 2);
          length += Math.pow(expected[i], 2);
        }
        assertThat(Math.sqrt(difference / length)).as(name).isLessThan(tolerance);
      }
    }
  }

  /** The pictures of the filler whose random numbers go by rows, columns, then channels. */
  static float[] picturesOfKeras(Shape shape) {
    float[] pictures = new float[COUNT * shape.size()];
    int element = 0;
    int places = shape.height() * shape.width();
    for (int number = 0; number < COUNT; number++) {
      for (int row = 0; row < shape.height(); row++) {
        for (int column = 0; column < shape.width(); column++) {
          for (int channel = 0; channel < shape.channels(); channel++) {
            double saw = (row * (3 + channel) + column * (5 + 2 * number)) % 64 / 31.5 - 1.0;
            double noise = 2 * dev.depthwise.engine.tck.Filler.uniform(0xFFFF, element++) - 1;
            int place = row * shape.width() + column;
            pictures[number * shape.size() + channel * places + place] =
                (float) (0.5 * noise + 0.5 * saw);
          }
        }
      }
    }
    return pictures;
  }
}
