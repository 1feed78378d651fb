package jcardsim.bridge.load;

import java.util.HashMap;
import java.util.Map;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Sends the applet's calls of platform methods that write memory, allocate or make engines to the bridge's own versions. The
 * receiver of an instance method becomes the first parameter.
 */
final class CallRedirects implements MethodPass {
  private static final String CARD = "jcardsim/bridge/card/";
  private static final Map<String, Target> TARGETS = new HashMap<>();

  private record Target(String owner, String method) {}

  static {
    redirect("UtilCalls", "javacard/framework/Util", "arrayCopy", "arrayCopyNonAtomic", "arrayFill", "arrayFillNonAtomic", "setShort");
    redirect("SystemCalls", "javacard/framework/JCSystem", "makeTransientBooleanArray", "makeTransientByteArray",
      "makeTransientShortArray", "makeTransientObjectArray", "makeGlobalArray");
    redirect("ApduCalls", "javacard/framework/APDU", "setIncomingAndReceive", "sendBytes", "setOutgoingAndSend", "sendBytesLong");
    redirect("UtilCalls", "javacard/framework/AID", "getBytes", "getPartialBytes");
    redirectAs("Engines", "newCipher", "javacardx/crypto/Cipher", "getInstance");
    redirectAs("Engines", "newSignature", "javacard/security/Signature", "getInstance");
    redirectAs("Engines", "newDigest", "javacard/security/MessageDigest", "getInstance");
    redirectAs("Engines", "newInitializedDigest", "javacard/security/MessageDigest", "getInitializedMessageDigestInstance");
    redirectAs("Engines", "newKeyAgreement", "javacard/security/KeyAgreement", "getInstance");
    redirectAs("Engines", "newRandomData", "javacard/security/RandomData", "getInstance");
    redirectAs("Engines", "newChecksum", "javacard/security/Checksum", "getInstance");
    redirect("KeyCalls", "javacard/security/KeyBuilder", "buildKey");
    redirect("KeyCalls", "javacard/security/KeyPair", "genKeyPair");
    for (String key : new String[] {"AESKey", "DESKey", "HMACKey", "KoreanSEEDKey"}) {
      redirect("KeyCalls", "javacard/security/" + key, "setKey", "clearKey");
    }
    redirect("KeyCalls", "javacard/security/ECPrivateKey", "setS", "clearKey");
    redirect("KeyCalls", "javacard/security/ECPublicKey", "setW", "clearKey");
    for (String key : new String[] {"Key", "PrivateKey", "PublicKey", "SecretKey"}) {
      redirect("KeyCalls", "javacard/security/" + key, "clearKey");
    }
  }

  private static void redirect(String target, String owner, String... methods) {
    for (String method : methods) {
      redirectAs(target, method, owner, method);
    }
  }

  private static void redirectAs(String target, String targetMethod, String owner, String method) {
    TARGETS.put(owner + '.' + method, new Target(CARD + target, targetMethod));
  }

  /** Whether the bridge itself implements this platform method. */
  static boolean covers(String owner, String method) {
    return TARGETS.containsKey(owner + '.' + method);
  }

  @Override
  public void apply(ClassNode owner, MethodNode method) {
    for (AbstractInsnNode insn : method.instructions.toArray()) {
      if (insn instanceof MethodInsnNode call && call.getOpcode() != Opcodes.INVOKESPECIAL) {
        Target target = TARGETS.get(call.owner + '.' + call.name);
        if (target != null) {
          method.instructions.set(call, new MethodInsnNode(Opcodes.INVOKESTATIC, target.owner(), target.method(), descriptor(call), false));
        }
      }
    }
  }

  /** Calls in one family share a target, so {@code AESKey.clearKey} and {@code Key.clearKey} meet in one overload per receiver. */
  private static String descriptor(MethodInsnNode call) {
    if (call.getOpcode() == Opcodes.INVOKESTATIC) {
      return call.desc;
    }
    String receiver = call.name.equals("clearKey") ? "javacard/security/Key" : call.owner;
    return "(L" + receiver + ";" + call.desc.substring(1);
  }
}
