package jcardsim.bridge.load;

import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** One kind of change, made to one method. */
interface MethodPass {
  /** Internal name of the class that hooked code calls; it lives inside the card's class loader. */
  String HOOKS = "jcardsim/bridge/card/Hooks";

  void apply(ClassNode owner, MethodNode method);
}
