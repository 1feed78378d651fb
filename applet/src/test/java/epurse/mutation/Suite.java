package epurse.mutation;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jcardsim.bridge.mutation.LoopLimit;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The applet's tests, one by one. */
final class Suite {

    /** Backward jumps of the applet in one run: some hundred times what the longest class of tests needs. */
    private static final long JUMPS = 50_000_000;

    private final Launcher launcher = LauncherFactory.create();

    /**
     * A test, parameterized ones with all their parameters, or a class of them.
     *
     * @param id for JUnit
     * @param name class, dot, method; or the class alone
     */
    record Runnable(String id, String name) {
    }

    /** Classes of tests that use cards; SubsetTest looks at class files alone. */
    List<Runnable> classes() {
        TestPlan plan = launcher.discover(LauncherDiscoveryRequestBuilder.request().selectors(selectPackage("epurse"))
            .filters(ClassNameFilter.includeClassNamePatterns("epurse\\.[A-Za-z0-9]+Test"), ClassNameFilter.excludeClassNamePatterns("epurse\\.SubsetTest"),
                TagFilter.excludeTags("campaign")).build());
        List<Runnable> classes = new ArrayList<>();
        plan.getRoots().forEach(root -> plan.getChildren(root).forEach(child -> classes.add(new Runnable(child.getUniqueId(), name(child)))));
        return classes;
    }

    List<Runnable> testsOf(Runnable testClass) {
        TestPlan plan = launcher.discover(LauncherDiscoveryRequestBuilder.request().selectors(selectUniqueId(testClass.id())).build());
        List<Runnable> tests = new ArrayList<>();
        plan.getRoots().forEach(root -> plan.getChildren(root).forEach(found -> plan.getChildren(found)
            .forEach(test -> tests.add(new Runnable(test.getUniqueId(), name(test))))));
        return tests;
    }

    private static String name(TestIdentifier test) {
        if (test.getSource().orElseThrow() instanceof MethodSource method) {
            return simple(method.getClassName()) + '.' + method.getMethodName();
        }
        return simple(((ClassSource) test.getSource().orElseThrow()).getClassName());
    }

    private static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    /** Runs a test or a class; gives the first failure, as test and message. */
    Optional<String> firstFailure(Runnable test) {
        FirstFailure listener = new FirstFailure();
        LoopLimit.allow(JUMPS);
        launcher.execute(LauncherDiscoveryRequestBuilder.request().selectors(selectUniqueId(test.id()))
            .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true").build(), listener);
        return Optional.ofNullable(listener.failure);
    }

    private static final class FirstFailure implements TestExecutionListener {

        private String failure;

        FirstFailure() {
            StopAtFailure.reset();
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (failure == null && result.getStatus() == TestExecutionResult.Status.FAILED) {
                failure = name(test) + '\t' + result.getThrowable().map(Throwable::toString).orElse("failed").lines().findFirst().orElse("").replace('\t', ' ');
                StopAtFailure.failed();
            }
        }
    }
}
