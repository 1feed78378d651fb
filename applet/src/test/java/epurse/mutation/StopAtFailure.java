package epurse.mutation;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One failure is enough to know a mutant: what would come after it is not run. Found by the service loader, in campaigns only. */
public final class StopAtFailure implements ExecutionCondition {

    private static volatile boolean failed;

    static void reset() {
        failed = false;
    }

    static void failed() {
        failed = true;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return failed ? ConditionEvaluationResult.disabled("the mutant is known") : ConditionEvaluationResult.enabled("");
    }
}
