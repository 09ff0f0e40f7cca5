package dev.depthwise.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BothListenersTest {
  /** Whatever a listener can hear, now or later. */
  @Test
  void bothHearEverything() throws ReflectiveOperationException {
    List<String> heard = new ArrayList<>();
    TrainingListener both = recorder("first ", heard).and(recorder("second ", heard));
    List<String> told = new ArrayList<>();
    for (Method method : TrainingListener.class.getMethods()) {
      if (!Modifier.isStatic(method.getModifiers()) && !method.getName().equals("and")) {
        told.add("first " + method.getName());
        told.add("second " + method.getName());
        Object[] nothing = new Object[method.getParameterCount()];
        for (int i = 0; i < nothing.length; i++) {
          nothing[i] = method.getParameterTypes()[i] == int.class ? 0 : null;
        }
        method.invoke(both, nothing);
      }
    }

    assertThat(told).hasSizeGreaterThan(10);
    assertThat(heard).isEqualTo(told);
  }

  private static TrainingListener recorder(String name, List<String> heard) {
    return (TrainingListener)
        Proxy.newProxyInstance(
            BothListenersTest.class.getClassLoader(),
            new Class<?>[] {TrainingListener.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("and")) {
                return new BothListeners((TrainingListener) proxy, (TrainingListener) arguments[0]);
              }
              heard.add(name + method.getName());
              return null;
            });
  }
}
