package epurse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;

/**
 * Static methods of the applet called without a card, in the code that cards get: what {@link EveryCard} does to the applet is done to
 * them, too.
 */
final class AppletCode {

    private AppletCode() {
    }

    /**
     * The static methods of one class of the applet, which must call no other.
     *
     * @param type simple name of the class
     * @param methods interface with the names and parameters of the methods wanted
     */
    static <T> T of(String type, Class<T> methods) {
        Class<?> loaded = new Loader().define(type);
        return methods.cast(Proxy.newProxyInstance(methods.getClassLoader(), new Class<?>[] {methods}, (proxy, called, arguments) -> {
            Method method = loaded.getDeclaredMethod(called.getName(), called.getParameterTypes());
            method.setAccessible(true);
            try {
                return method.invoke(null, arguments);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        }));
    }

    private static final class Loader extends ClassLoader {

        Loader() {
            super(AppletCode.class.getClassLoader());
        }

        Class<?> define(String type) {
            String name = "epurse/" + type;
            byte[] code = classFile(type);
            byte[] changed = EveryCard.transform() == null ? code : EveryCard.transform().transform(name, code);
            return defineClass(name.replace('/', '.'), changed, 0, changed.length);
        }

        private static byte[] classFile(String type) {
            try {
                return Files.readAllBytes(TestCard.CLASSES.resolve("epurse").resolve(type + ".class"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
