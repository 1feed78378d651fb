package jcardsim.bridge.load;

import jcardsim.bridge.CardSpec;

/** The applet and jCardSim exactly as their jars have them, in a class loader of their own. */
public final class PlainClassLoader extends ClassLoader {
  private final AppletArchive archive;

  /**
   * @throws jcardsim.bridge.CardLoadException if the applet is not there
   */
  public PlainClassLoader(CardSpec spec) {
    super(PlainClassLoader.class.getClassLoader());
    archive = AppletArchive.read(spec.appletClasspath(), spec.appletClassName());
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
      if (loaded != null) {
        return loaded;
      }
      byte[] file = applet ? archive.classFiles().get(internalName) : PlatformClasses.original(internalName);
      if (file == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, file, 0, file.length);
    }
  }
}
