package jcardsim.bridge;

/**
 * One step of the pipeline through which every applet class passes while it is loaded.
 *
 * <p>Steps run in the order of {@link CardSpec#classTransforms()}, before the bridge adds its own hooks, so a step sees
 * the class as the compiler wrote it. Coverage and mutation plug in here. The image of a card is bound to the bytes that
 * enter the pipeline, not to those that leave it: a mutant may open the image of the original.
 */
@FunctionalInterface
public interface ClassTransform {
  /**
   * Rewrites one class.
   *
   * @param internalName the class name with slashes, such as {@code demo/VaultApplet}
   * @param classFile the class file as the previous step left it; must not be changed in place
   * @return the class file for the next step; {@code classFile} itself when there is nothing to do
   */
  byte[] transform(String internalName, byte[] classFile);
}
