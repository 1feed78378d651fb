package epurse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;

/**
 * Holds class files to what a Java Card 3.0.4 converter takes without int support (Virtual Machine Specification 2.2), as far as a class file shows
 * it, and to the purse's own rule: nothing is allocated after install. The converter itself needs tools that are not in any registry.
 */
final class Subset {

    private static final int JAVA_8 = 52;
    private static final Set<String> ENTRY_POINTS = Set.of("process", "select", "deselect");

    /** Members of the platform that the purse uses, all of them in Java Card 3.0.4: the CAP file was verified against its export files. */
    private static final Set<String> PLATFORM = lines("javacard-api.txt");

    /** Methods of the platform that allocate. */
    private static final Set<String> FACTORIES = Set.of("makeTransientByteArray", "makeTransientShortArray", "makeTransientBooleanArray",
        "makeTransientObjectArray", "buildKey", "getInstance");

    private final Map<String, ClassNode> classes = new HashMap<>();
    private final Set<String> findings = new TreeSet<>();

    private Subset(Collection<ClassNode> nodes) {
        nodes.forEach(node -> classes.put(node.name, node));
    }

    /** What is wrong with these classes; empty if nothing. */
    static Set<String> check(Collection<ClassNode> nodes) {
        Subset subset = new Subset(nodes);
        nodes.forEach(subset::checkClass);
        subset.checkAllocations();
        return subset.findings;
    }

    private static Set<String> lines(String resource) {
        try (InputStream in = Subset.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#"))
                .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void checkClass(ClassNode node) {
        if (node.version > JAVA_8) {
            findings.add(node.name + ": class file version " + node.version);
        }
        if ((node.access & (Opcodes.ACC_ENUM | Opcodes.ACC_ANNOTATION)) != 0) {
            findings.add(node.name + ": enum or annotation");
        }
        checkOwner(node.name, node.superName);
        node.interfaces.forEach(name -> checkOwner(node.name, name));
        node.fields.forEach(field -> checkField(node, field));
        node.methods.forEach(method -> checkMethod(node, method));
    }

    private void checkField(ClassNode owner, FieldNode field) {
        String where = owner.name + "." + field.name;
        checkType(where, Type.getType(field.desc));
        if ((field.access & Opcodes.ACC_STATIC) != 0 && (field.access & Opcodes.ACC_FINAL) == 0) {
            findings.add(where + ": static field that is not final");
        }
    }

    private void checkMethod(ClassNode owner, MethodNode method) {
        String where = owner.name + "." + method.name;
        if ((method.access & (Opcodes.ACC_NATIVE | Opcodes.ACC_SYNCHRONIZED | Opcodes.ACC_VARARGS)) != 0) {
            findings.add(where + ": native, synchronized or varargs");
        }
        checkType(where, Type.getReturnType(method.desc));
        for (Type type : Type.getArgumentTypes(method.desc)) {
            checkType(where, type);
        }
        method.tryCatchBlocks.forEach(block -> {
            if (block.type != null) {
                checkOwner(where, block.type);
            }
        });
        for (AbstractInsnNode insn : method.instructions) {
            checkInstruction(where, insn);
            if (method.name.equals("<clinit>")) {
                checkInitialiser(where, insn);
            }
        }
        try {
            new Analyzer<>(new Narrowing(text -> findings.add(where + ": " + text))).analyze(owner.name, method);
        } catch (AnalyzerException | IndexOutOfBoundsException e) {
            findings.add(where + ": cannot be analysed, so it has values of two words");
        }
    }

    private void checkInstruction(String where, AbstractInsnNode insn) {
        switch (insn.getOpcode()) {
            case Opcodes.INVOKEDYNAMIC -> findings.add(where + ": invokedynamic");
            case Opcodes.MULTIANEWARRAY -> findings.add(where + ": multi-dimensional array");
            case Opcodes.MONITORENTER -> findings.add(where + ": synchronized");
            case Opcodes.I2C, Opcodes.CALOAD, Opcodes.CASTORE -> findings.add(where + ": char");
            case Opcodes.IALOAD, Opcodes.IASTORE -> findings.add(where + ": int array");
            default -> {
                if (isLongOrFloat(insn.getOpcode())) {
                    findings.add(where + ": long, float or double");
                }
            }
        }
        if (insn instanceof LdcInsnNode constant) {
            checkConstant(where, constant.cst);
        }
        if (insn instanceof MethodInsnNode call) {
            String owner = declaring(call.owner, call.name + call.desc);
            checkMember(where, owner, owner + "." + call.name + call.desc);
        }
        if (insn instanceof FieldInsnNode access) {
            checkMember(where, access.owner, access.owner + "." + access.name + " " + access.desc);
        }
    }

    /** The class a method comes from: calls of inherited platform methods name the applet's own class. */
    private String declaring(String owner, String member) {
        ClassNode node = classes.get(owner);
        if (node == null || node.methods.stream().anyMatch(method -> member.equals(method.name + method.desc))) {
            return owner;
        }
        return declaring(node.superName, member);
    }

    private static boolean isLongOrFloat(int opcode) {
        return opcode >= Opcodes.LCONST_0 && opcode <= Opcodes.DCONST_1
            || opcode >= Opcodes.LLOAD && opcode <= Opcodes.DLOAD
            || opcode >= Opcodes.LALOAD && opcode <= Opcodes.DALOAD
            || opcode >= Opcodes.LSTORE && opcode <= Opcodes.DSTORE
            || opcode >= Opcodes.LASTORE && opcode <= Opcodes.DASTORE
            || opcode >= Opcodes.I2L && opcode <= Opcodes.D2F
            || opcode >= Opcodes.LCMP && opcode <= Opcodes.DCMPG
            || opcode >= Opcodes.LRETURN && opcode <= Opcodes.DRETURN;
    }

    private void checkConstant(String where, Object constant) {
        boolean fits = constant instanceof Integer number && number >= Short.MIN_VALUE && number <= Short.MAX_VALUE;
        if (!fits) {
            findings.add(where + ": constant that is no short: " + constant.getClass().getSimpleName());
        }
    }

    /** A static initialiser may fill constant arrays and nothing else. */
    private void checkInitialiser(String where, AbstractInsnNode insn) {
        boolean allowed = switch (insn.getOpcode()) {
            case -1, Opcodes.DUP, Opcodes.BASTORE, Opcodes.SASTORE, Opcodes.PUTSTATIC, Opcodes.RETURN, Opcodes.BIPUSH, Opcodes.SIPUSH -> true;
            case Opcodes.NEWARRAY -> {
                int type = ((IntInsnNode) insn).operand;
                yield type == Opcodes.T_BYTE || type == Opcodes.T_SHORT || type == Opcodes.T_BOOLEAN;
            }
            default -> insn.getOpcode() >= Opcodes.ICONST_M1 && insn.getOpcode() <= Opcodes.ICONST_5;
        };
        if (!allowed) {
            findings.add(where + ": static initialiser that does more than fill constant arrays");
        }
    }

    private void checkType(String where, Type type) {
        switch (type.getSort()) {
            case Type.INT, Type.LONG, Type.FLOAT, Type.DOUBLE, Type.CHAR -> findings.add(where + ": type " + type.getClassName());
            case Type.ARRAY -> {
                if (type.getDimensions() > 1) {
                    findings.add(where + ": multi-dimensional array");
                }
                checkType(where, type.getElementType());
            }
            case Type.OBJECT -> checkOwner(where, type.getInternalName());
            default -> { }
        }
    }

    private void checkOwner(String where, String name) {
        if (!classes.containsKey(name) && PLATFORM.stream().noneMatch(member -> member.startsWith(name + ".") || member.equals(name))) {
            findings.add(where + ": " + name + " is not on the card");
        }
    }

    private void checkMember(String where, String owner, String member) {
        if (!classes.containsKey(owner) && !owner.startsWith("[") && !PLATFORM.contains(member)) {
            findings.add(where + ": " + member + " is not on the list of platform members");
        }
    }

    // --- allocation ---

    /** Whatever can be called from process, select or deselect allocates nothing. */
    private void checkAllocations() {
        Deque<String> open = new ArrayDeque<>();
        Set<String> seen = new HashSet<>();
        classes.values().forEach(node -> node.methods.stream().filter(method -> ENTRY_POINTS.contains(method.name))
            .forEach(method -> open.add(node.name + "." + method.name + method.desc)));
        while (!open.isEmpty()) {
            String key = open.poll();
            if (seen.add(key)) {
                follow(key, open);
            }
        }
    }

    private void follow(String key, Deque<String> open) {
        String where = key.substring(0, key.indexOf('('));
        ClassNode owner = classes.get(key.substring(0, key.indexOf('.')));
        for (MethodNode method : owner.methods) {
            if (key.equals(owner.name + "." + method.name + method.desc)) {
                for (AbstractInsnNode insn : method.instructions) {
                    int opcode = insn.getOpcode();
                    if (opcode == Opcodes.NEW || opcode == Opcodes.NEWARRAY || opcode == Opcodes.ANEWARRAY) {
                        findings.add(where + ": allocates after install");
                    }
                    if (insn instanceof MethodInsnNode call) {
                        if (classes.containsKey(call.owner)) {
                            open.add(call.owner + "." + call.name + call.desc);
                        } else if (FACTORIES.contains(call.name)) {
                            findings.add(where + ": allocates after install");
                        }
                    }
                }
            }
        }
    }
}
