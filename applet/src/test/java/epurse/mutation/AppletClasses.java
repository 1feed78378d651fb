package epurse.mutation;

import epurse.EveryCard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jcardsim.bridge.mutation.Mutation;
import jcardsim.bridge.mutation.Mutations;

/** The applet and its tests as Maven compiled them. */
final class AppletClasses {

    private AppletClasses() {
    }

    /** Every mutation of every class, in alphabetical order of the classes. */
    static List<Mutation> mutations() {
        List<Mutation> all = new ArrayList<>();
        files(tests().resolveSibling("classes")).forEach(file -> all.addAll(Mutations.of(bytes(file))));
        return all;
    }

    /**
     * Names that outlive changes elsewhere in a method: which place of its kind it is, from 1, such as
     * {@code epurse/Payments.debit([BS)S:DROP_CALL#2}.
     */
    static Map<Mutation, String> keys(List<Mutation> mutations) {
        Map<String, Integer> counts = new HashMap<>();
        Map<Mutation, String> keys = new LinkedHashMap<>();
        for (Mutation mutation : mutations) {
            String kind = mutation.owner() + '.' + mutation.method() + ':' + mutation.operator();
            keys.put(mutation, kind + '#' + counts.merge(kind, 1, Integer::sum));
        }
        return keys;
    }

    /** SHA-256 over the applet and its tests, in hexadecimal: a verdict holds for this code and no other. */
    static String codeHash() {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            for (Path folder : List.of(tests().resolveSibling("classes"), tests())) {
                for (Path file : files(folder)) {
                    hash.update((folder.relativize(file) + "\0").getBytes(StandardCharsets.UTF_8));
                    hash.update(MessageDigest.getInstance("SHA-256").digest(bytes(file)));
                }
            }
            return HexFormat.of().formatHex(hash.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".class")).sorted().toList();
        } catch (IOException e) {
            throw new IllegalStateException("the applet is not built: mvn test-compile", e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path tests() {
        try {
            return Path.of(EveryCard.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
