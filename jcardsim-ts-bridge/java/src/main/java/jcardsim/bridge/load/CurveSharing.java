package jcardsim.bridge.load;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/** Puts a cache in front of {@code ECKeyImpl.getDomainParameters}: the original gets another name, the cache its own. */
public final class CurveSharing {
  /** New name of jCardSim's method. */
  public static final String ORIGINAL = "makeDomainParameters";

  static final String OWNER = "com/licel/jcardsim/crypto/ECKeyImpl";
  private static final String METHOD = "getDomainParameters";
  private static final String PARAMETERS = "Lcom/licel/jcardsim/bouncycastle/crypto/params/ECDomainParameters;";

  private CurveSharing() {}

  static void apply(ClassNode keyClass) {
    for (MethodNode method : keyClass.methods) {
      if (method.name.equals(METHOD)) {
        method.name = ORIGINAL;
      }
    }
    MethodNode cached = new MethodNode(Opcodes.ACC_PUBLIC, METHOD, "()" + PARAMETERS, null, null);
    cached.instructions.add(new VarInsnNode(Opcodes.ALOAD, 0));
    cached.instructions.add(new MethodInsnNode(Opcodes.INVOKESTATIC, "jcardsim/bridge/card/CurveCalls", "domainParameters", "(L" + OWNER + ";)" + PARAMETERS, false));
    cached.instructions.add(new InsnNode(Opcodes.ARETURN));
    keyClass.methods.add(cached);
  }
}
