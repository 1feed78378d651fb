package epurse.mutation;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jcardsim.bridge.mutation.Mutation;
import jcardsim.bridge.mutation.Mutations;

/** The applet as Maven compiled it. */
final class AppletClasses {

    private AppletClasses() {
    }

    /** Every mutation of every class, in alphabetical order of the classes. */
    static List<Mutation> mutations() {
        List<Mutation> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder())) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
                all.addAll(Mutations.of(Files.readAllBytes(file)));
            }
        } catch (IOException e) {
            throw new IllegalStateException("the applet is not built: mvn test-compile", e);
        }
        return all;
    }

    private static Path folder() {
        try {
            return Path.of(AppletClasses.class.getProtectionDomain().getCodeSource().getLocation().toURI()).resolveSibling("classes");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
