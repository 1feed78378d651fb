package epurse.mutation;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import jcardsim.bridge.mutation.Mutants;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestInstanceFactory;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * Keeps what classes of tests prepare once (their issued card) from one run to the next, so that a mutant costs the tests alone. Found by
 * the service loader, in campaigns only. What is kept was made with no mutant on.
 */
public final class KeptFixtures implements TestInstanceFactory, InvocationInterceptor {

    private static final Map<Class<?>, Object> INSTANCES = new HashMap<>();
    private static final Set<Class<?>> PREPARED = new HashSet<>();
    private static boolean keeping;

    /** From now on fixtures are kept, beginning with none. */
    static void keep() {
        keeping = true;
        INSTANCES.clear();
        PREPARED.clear();
    }

    /** Runs something that makes its own fixtures; what is kept stays for later. */
    static void aside(Runnable action) {
        boolean before = keeping;
        keeping = false;
        try {
            action.run();
        } finally {
            keeping = before;
        }
    }

    @Override
    public Object createTestInstance(TestInstanceFactoryContext factory, ExtensionContext context) {
        Class<?> test = factory.getTestClass();
        if (keeping && isPerClass(test)) {
            return INSTANCES.computeIfAbsent(test, ReflectionSupport::newInstance);
        }
        return ReflectionSupport.newInstance(test);
    }

    @Override
    public void interceptBeforeAllMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
        throws Throwable {
        if (!keeping) {
            invocation.proceed();
        } else if (PREPARED.add(context.getRequiredTestClass())) {
            proceedWithoutMutant(invocation);
        } else {
            invocation.skip();
        }
    }

    @Override
    public void interceptAfterAllMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
        throws Throwable {
        if (keeping) {
            invocation.skip();
        } else {
            invocation.proceed();
        }
    }

    private static void proceedWithoutMutant(Invocation<Void> invocation) throws Throwable {
        Throwable[] thrown = new Throwable[1];
        Mutants.without(() -> {
            try {
                invocation.proceed();
            } catch (Throwable trouble) {
                thrown[0] = trouble;
            }
        });
        if (thrown[0] != null) {
            throw thrown[0];
        }
    }

    private static boolean isPerClass(Class<?> test) {
        return AnnotationSupport.findAnnotation(test, TestInstance.class).filter(lifecycle -> lifecycle.value() == Lifecycle.PER_CLASS).isPresent();
    }
}
