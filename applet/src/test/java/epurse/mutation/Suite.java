package epurse.mutation;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The applet's tests, class by class. */
final class Suite {

    private final Launcher launcher = LauncherFactory.create();

    /** Test classes by unique id. */
    List<String> classes() {
        TestPlan plan = launcher.discover(LauncherDiscoveryRequestBuilder.request().selectors(selectPackage("epurse"))
            .filters(ClassNameFilter.includeClassNamePatterns("epurse\\.[A-Za-z0-9]+Test")).build());
        List<String> ids = new ArrayList<>();
        plan.getRoots().forEach(root -> plan.getChildren(root).forEach(child -> ids.add(child.getUniqueId())));
        return ids;
    }

    /** Runs tests or whole classes; gives the first failure, as test and message. */
    Optional<String> firstFailure(List<String> uniqueIds) {
        FirstFailure listener = new FirstFailure();
        run(uniqueIds, listener);
        return Optional.ofNullable(listener.failure);
    }

    void run(List<String> uniqueIds, TestExecutionListener listener) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
            .selectors(uniqueIds.stream().map(id -> selectUniqueId(id)).toList())
            .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true").build();
        launcher.execute(request, listener);
    }

    private static final class FirstFailure implements TestExecutionListener {

        private String failure;

        FirstFailure() {
            StopAtFailure.reset();
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (failure == null && result.getStatus() == TestExecutionResult.Status.FAILED) {
                failure = test.getLegacyReportingName() + ": " + result.getThrowable().map(Throwable::toString).orElse("failed").lines().findFirst().orElse("");
                StopAtFailure.failed();
            }
        }
    }
}
