package epurse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;

@Tag("slow")
class SubsetTest {

    @TempDir
    Path folder;

    private static List<ClassNode> read(Path folder) throws IOException {
        List<ClassNode> nodes = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).sorted().toList()) {
                ClassNode node = new ClassNode();
                new ClassReader(Files.readAllBytes(file)).accept(node, ClassReader.SKIP_FRAMES);
                nodes.add(node);
            }
        }
        return nodes;
    }

    @Test
    void theAppletStaysWithinTheJavaCardSubset() throws IOException {
        List<ClassNode> applet = read(Path.of("target", "classes"));
        assertTrue(applet.size() > 20, "the applet's classes were not found");
        assertEquals(Set.of(), Subset.check(applet));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        void m(byte[] b) { int i = b[0]; b[1] = (byte) (i + 1); i++; }                   | int local
        void m(byte[] b, short x) { b[x + 1] = 0; }                                      | an array index
        void m(byte[] b, short x) { short y = (short) ((x * x) >> 4); b[y] = 0; }        | an operand of >> or %
        boolean m(short x) { return x + 1 > x; }                                         | an operand of a comparison
        short m(short x) { return (short) ((x + 1) / 2); }                               | an operand of >>> or /
        int m(short x) { return x; }                                                     | type int
        void m(int[] x) { x[(short) 0] = 1; }                                            | type int
        long field;                                                                      | type long
        void m() { long x = 1L; n((short) x); } void n(short x) { }                      | long, float or double
        float field;                                                                     | type float
        char field;                                                                      | type char
        void m() { Object s = "text"; n(s); } void n(Object o) { }                       | constant that is no short
        byte[][] field;                                                                  | multi-dimensional array
        static byte counter;                                                             | static field that is not final
        static final byte[] B = n(); static byte[] n() { return null; }                  | static initialiser
        synchronized void m() { }                                                        | native, synchronized or varargs
        void m(byte... b) { }                                                            | native, synchronized or varargs
        void m(short[] a) { Runnable r = () -> n(); r.run(); } static void n() { }       | invokedynamic
        void m(byte[] a, byte[] b) { System.arraycopy(a, 0, b, 0, 1); }                  | java/lang/System
        short m() { return (short) hashCode(); }                                         | java/lang/Object.hashCode
        void m(java.util.List<?> l) { l.clear(); }                                       | java/util/List
        void m(javacard.security.Signature s, byte[] b) { s.signPreComputedHash(b, (short) 0, (short) 1, b, (short) 0); } | signPreComputedHash
        void process(byte[] b) { n(); } void n() { byte[] x = new byte[4]; x[0] = 1; }   | allocates after install
        void process(byte[] b) { javacard.framework.JCSystem.makeTransientByteArray((short) 1, (byte) 1); } | allocates after install
        void m(byte[] b) { for (byte x : b) { b[0] = x; } }                              | int local
        void m(short x) { if (x < 40000) { m(x); } }                                     | constant that is no short: Integer
        """)
    void whatACardDoesNotTakeIsRefused(String members, String expected) throws IOException {
        Path source = Files.writeString(folder.resolve("Doctored.java"), "final class Doctored { " + members + " }");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int result = compiler.run(null, null, null, "--release", "8", "-nowarn", "-Xlint:none", "-cp", System.getProperty("java.class.path"),
            "-d", folder.toString(), source.toString());
        assertEquals(0, result, "does not compile");
        Set<String> findings = Subset.check(read(folder));
        assertTrue(findings.stream().anyMatch(finding -> finding.contains(expected)), () -> expected + " not among " + findings);
    }
}
