package dev.depthwise;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom: the arrows between the rooms. */
@AnalyzeClasses(packages = "dev.depthwise", importOptions = DoNotIncludeTests.class)
final class LayeringTest {
  private static final DescribedPredicate<JavaClass> NETWORK = room("network");
  private static final DescribedPredicate<JavaClass> ZOO = room("zoo");
  private static final DescribedPredicate<JavaClass> WEIGHTS = room("weights");
  private static final DescribedPredicate<JavaClass> VISION = room("vision");
  private static final DescribedPredicate<JavaClass> REFERENCE = room("engine.reference");
  private static final DescribedPredicate<JavaClass> ONEDNN = room("engine.onednn");
  private static final DescribedPredicate<JavaClass> ENGINE =
      room("engine").and(not(REFERENCE.or(ONEDNN).or(room("engine.tck"))));
  private static final DescribedPredicate<JavaClass> TRAINING = room("training");
  private static final DescribedPredicate<JavaClass> CLI = room("cli");

  @ArchTest static final ArchRule NETWORK_KNOWS_NOBODY = knowsOnly(NETWORK, NETWORK);
  @ArchTest static final ArchRule ZOO_SEES_NO_ENGINE = knowsOnly(ZOO, ZOO.or(NETWORK));
  @ArchTest static final ArchRule WEIGHTS_ARE_NO_MODEL = knowsOnly(WEIGHTS, WEIGHTS.or(NETWORK));
  @ArchTest static final ArchRule VISION_IS_ITS_OWN = knowsOnly(VISION, VISION.or(NETWORK));

  @ArchTest
  static final ArchRule ENGINE_RUNS_ANY_NETWORK =
      knowsOnly(ENGINE.or(REFERENCE), ENGINE.or(REFERENCE).or(NETWORK));

  @ArchTest
  static final ArchRule ONEDNN_FILLS_THE_INTERFACE =
      knowsOnly(ONEDNN, ONEDNN.or(ENGINE).or(NETWORK));

  @ArchTest
  static final ArchRule TRAINING_NAMES_NO_ENGINE =
      knowsOnly(TRAINING, TRAINING.or(ENGINE).or(NETWORK).or(VISION).or(WEIGHTS));

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
