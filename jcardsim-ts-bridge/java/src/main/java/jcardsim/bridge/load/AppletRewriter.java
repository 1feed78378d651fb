package jcardsim.bridge.load;

import java.util.List;
import jcardsim.bridge.CardLoadException;
import jcardsim.bridge.ClassTransform;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** The pipeline: the user's transforms first, then the bridge's own passes. */
final class AppletRewriter {
  private final List<ClassTransform> transforms;
  private final List<MethodPass> appletPasses;
  private final List<MethodPass> keyPasses;
  private final List<MethodPass> keyPairPasses;

  AppletRewriter(List<ClassTransform> transforms, FieldTable fields) {
    this.transforms = transforms;
    StoreHooks stores = new StoreHooks(fields);
    CallRedirects redirects = new CallRedirects();
    appletPasses = List.of(redirects, stores, new AllocationHooks(), new CatchHooks());
    keyPasses = List.of(stores);
    keyPairPasses = List.of(redirects);
  }

  /**
   * @throws CardLoadException (REWRITE_FAILED) if a transform throws or the class is nothing a Java Card could run
   */
  byte[] rewriteApplet(String internalName, byte[] classFile) {
    try {
      byte[] transformed = classFile;
      for (ClassTransform transform : transforms) {
        transformed = transform.transform(internalName, transformed);
      }
      return rewrite(transformed, appletPasses);
    } catch (RuntimeException e) {
      throw new CardLoadException(CardLoadException.Reason.REWRITE_FAILED, "cannot rewrite " + internalName + ": " + e.getMessage(), e);
    }
  }

  /** The few classes of jCardSim that hold or make keys. */
  byte[] rewritePlatform(String internalName, byte[] classFile) {
    if (PlatformClasses.isPersistent(internalName)) {
      return rewrite(classFile, keyPasses);
    }
    return PlatformClasses.buildsKeys(internalName) ? rewrite(classFile, keyPairPasses) : classFile;
  }

  private static byte[] rewrite(byte[] classFile, List<MethodPass> passes) {
    ClassNode node = new ClassNode();
    new ClassReader(classFile).accept(node, 0);
    if (node.name.equals(CurveSharing.OWNER)) {
      CurveSharing.apply(node);
    }
    for (MethodNode method : node.methods) {
      for (MethodPass pass : passes) {
        pass.apply(node, method);
      }
    }
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    node.accept(writer);
    return writer.toByteArray();
  }
}
