package dev.depthwise;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who may know whom: the arrows between the rooms. */
@AnalyzeClasses(packages = "dev.depthwise", importOptions = DoNotIncludeTests.class)
final class LayeringTest {
  private static final DescribedPredicate<JavaClass> NETWORK = room("network");
  private static final DescribedPredicate<JavaClass> ZOO = room("zoo");
  private static final DescribedPredicate<JavaClass> WEIGHTS = room("weights");
  private static final DescribedPredicate<JavaClass> CATALOGUE = room("catalogue");
  private static final DescribedPredicate<JavaClass> VISION = room("vision");
  private static final DescribedPredicate<JavaClass> REFERENCE = room("engine.reference");
  private static final DescribedPredicate<JavaClass> ONEDNN = room("engine.onednn");
  private static final DescribedPredicate<JavaClass> ENGINE =
      room("engine").and(not(REFERENCE.or(ONEDNN).or(room("engine.tck"))));
  private static final DescribedPredicate<JavaClass> INFERENCE = room("inference");
  private static final DescribedPredicate<JavaClass> INTERCHANGE = room("interchange");
  private static final DescribedPredicate<JavaClass> TRAINING = room("training");
  private static final DescribedPredicate<JavaClass> DRAW = room("draw");
  private static final DescribedPredicate<JavaClass> CLI = room("cli");

  @ArchTest static final ArchRule NETWORK_KNOWS_NOBODY = knowsOnly(NETWORK, NETWORK);
  @ArchTest static final ArchRule ZOO_SEES_NO_ENGINE = knowsOnly(ZOO, ZOO.or(NETWORK));
  @ArchTest static final ArchRule WEIGHTS_ARE_NO_MODEL = knowsOnly(WEIGHTS, WEIGHTS.or(NETWORK));
  @ArchTest static final ArchRule VISION_IS_ITS_OWN = knowsOnly(VISION, VISION.or(NETWORK));

  @ArchTest
  static final ArchRule THE_CATALOGUE_RUNS_NOTHING =
      knowsOnly(CATALOGUE, CATALOGUE.or(NETWORK).or(ZOO).or(WEIGHTS));

  @ArchTest
  static final ArchRule ENGINE_RUNS_ANY_NETWORK =
      knowsOnly(ENGINE.or(REFERENCE), ENGINE.or(REFERENCE).or(NETWORK));

  @ArchTest
  static final ArchRule ONEDNN_FILLS_THE_INTERFACE =
      knowsOnly(ONEDNN, ONEDNN.or(ENGINE).or(NETWORK));

  @ArchTest
  static final ArchRule INFERENCE_NAMES_NO_ENGINE =
      knowsOnly(INFERENCE, INFERENCE.or(ENGINE).or(NETWORK).or(VISION));

  @ArchTest
  static final ArchRule INTERCHANGE_ONLY_TRANSLATES =
      knowsOnly(INTERCHANGE, INTERCHANGE.or(NETWORK).or(WEIGHTS));

  @ArchTest
  static final ArchRule TRAINING_NAMES_NO_ENGINE =
      knowsOnly(TRAINING, TRAINING.or(ENGINE).or(NETWORK).or(VISION).or(WEIGHTS));

  @ArchTest static final ArchRule DRAW_SEES_NETWORKS_ONLY = knowsOnly(DRAW, DRAW.or(NETWORK));

  @ArchTest
  static final ArchRule NOBODY_KNOWS_THE_DOOR =
      noClasses()
          .that(not(CLI))
          .should()
          .dependOnClassesThat(CLI.as("are of the command line"))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule ROOMS_FORM_NO_CYCLE =
      slices().matching("dev.depthwise.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest
  static final ArchRule NOTHING_IS_GLOBAL =
      fields().that().areStatic().and().areDeclaredInClassesThat(not(CLI)).should().beFinal();

  @ArchTest
  static final ArchRule THE_PROCESS_IS_THE_CALLERS =
      noClasses()
          .that(not(CLI))
          .should()
          .callMethodWhere(
              target(owner(assignableTo(System.class)))
                  .and(
                      target(
                          nameMatching(
                              "setProperty|setProperties|clearProperty|setOut|setErr|setIn|exit|load|loadLibrary"))))
          .orShould()
          .callMethodWhere(
              target(owner(assignableTo(Runtime.class)))
                  .and(target(nameMatching("addShutdownHook|exit|halt|load|loadLibrary"))))
          .orShould()
          .callMethodWhere(
              target(
                  nameMatching(
                      "setDefault|setDefaultUncaughtExceptionHandler|setUseCache|setCacheDirectory|addProvider")));

  /** A module's name is that of its packages: on the module path, no package may be in two. */
  @ArchTest
  static void noPackageIsSplit(JavaClasses classes) {
    Map<String, Set<String>> modules = new TreeMap<>();
    for (JavaClass found : classes) {
      String file = found.getSource().orElseThrow().getUri().toString();
      String path = found.getName().replace('.', '/') + ".class";
      modules
          .computeIfAbsent(found.getPackageName(), name -> new TreeSet<>())
          .add(file.substring(0, file.length() - path.length()));
    }
    assertThat(modules).hasSizeGreaterThan(8);
    assertThat(modules).allSatisfy((name, places) -> assertThat(places).as(name).hasSize(1));
  }

  private static DescribedPredicate<JavaClass> room(String name) {
    return resideInAPackage("dev.depthwise." + name + "..");
  }

  private static ArchRule knowsOnly(
      DescribedPredicate<JavaClass> room, DescribedPredicate<JavaClass> known) {
    DescribedPredicate<JavaClass> foreign = not(resideInAPackage("dev.depthwise.."));
    return classes()
        .that(room)
        .should()
        .onlyDependOnClassesThat(known.or(foreign))
        .allowEmptyShould(true);
  }
}
