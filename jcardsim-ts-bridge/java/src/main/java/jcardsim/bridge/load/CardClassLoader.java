package jcardsim.bridge.load;

import java.util.Collection;
import java.util.Map;
import jcardsim.bridge.CardSpec;
import jcardsim.bridge.Strictness;

/**
 * The class loader of one card: its own copy of the platform, of the bridge's card side and of the applet. Statics are
 * therefore per card, and two cards share nothing but the JDK, BouncyCastle and the bridge's host side.
 */
public final class CardClassLoader extends ClassLoader {
  static {
    registerAsParallelCapable();
  }

  private final CardSpec spec;
  private final AppletArchive archive;
  private final FieldTable fields = new FieldTable();
  private final AppletRewriter rewriter;

  /**
   * @throws jcardsim.bridge.CardLoadException if the applet is not there or uses API the card does not have
   */
  public CardClassLoader(CardSpec spec) {
    super(CardClassLoader.class.getClassLoader());
    this.spec = spec;
    archive = AppletArchive.read(spec.appletClasspath(), spec.appletClassName());
    rewriter = new AppletRewriter(spec.classTransforms(), fields);
    ApiCheck check = new ApiCheck(spec.isStrict(Strictness.API_3_0_4));
    archive.classFiles().values().forEach(check::inspect);
    check.refuseFindings();
  }

  public CardSpec spec() {
    return spec;
  }

  public FieldTable fields() {
    return fields;
  }

  /** SHA-256 of the applet's code, 32 bytes. */
  public byte[] appletCodeHash() {
    return archive.codeHash();
  }

  /** Internal names of the applet's classes, in alphabetical order. */
  public Collection<String> appletClasses() {
    Map<String, byte[]> files = archive.classFiles();
    return files.keySet();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    String internalName = name.replace('.', '/');
    boolean applet = archive.classFiles().containsKey(internalName);
    if (!applet && !PlatformClasses.isPerCard(internalName)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        byte[] file = applet ? rewriter.rewriteApplet(internalName, archive.classFiles().get(internalName)) : platformClass(name, internalName);
        loaded = defineClass(name, file, 0, file.length);
      }
      if (resolve) {
        resolveClass(loaded);
      }
      return loaded;
    }
  }

  private byte[] platformClass(String name, String internalName) throws ClassNotFoundException {
    byte[] file = PlatformClasses.find(internalName);
    if (file == null) {
      throw new ClassNotFoundException(name);
    }
    return rewriter.rewritePlatform(internalName, file);
  }
}
