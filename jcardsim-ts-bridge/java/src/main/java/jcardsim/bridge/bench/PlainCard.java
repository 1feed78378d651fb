package jcardsim.bridge.bench;

import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.Objects;
import jcardsim.bridge.CardLoadException;
import jcardsim.bridge.CardSpec;
import jcardsim.bridge.load.PlainClassLoader;

/**
 * The same applet in unmodified jCardSim, with the same {@link #transmit}: what the bridge's speed is measured against. Of the
 * spec it uses class path, class name, AID and install parameters.
 */
public final class PlainCard {
  private final MethodHandle transmit;
  private final MethodHandle reset;

  private PlainCard(Object simulator) throws ReflectiveOperationException {
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    Class<?> type = simulator.getClass();
    transmit = lookup.findVirtual(type, "transmitCommand", MethodType.methodType(byte[].class, byte[].class)).bindTo(simulator);
    reset = lookup.findVirtual(type, "reset", MethodType.methodType(void.class)).bindTo(simulator);
  }

  /**
   * Loads and installs the applet.
   *
   * @throws CardLoadException if that fails
   */
  public static PlainCard create(CardSpec spec) {
    PrintStream console = System.out;
    // jCardSim prints while an applet asks for signature engines.
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    try {
      return new PlainCard(install(spec, new PlainClassLoader(spec)));
    } catch (ReflectiveOperationException e) {
      throw new CardLoadException(CardLoadException.Reason.INSTALL_FAILED, "plain jCardSim does not take the applet", e);
    } finally {
      System.setOut(console);
    }
  }

  private static Object install(CardSpec spec, ClassLoader loader) throws ReflectiveOperationException {
    Class<?> runtimeType = loader.loadClass("com.licel.jcardsim.base.SimulatorRuntime");
    Class<?> simulatorType = loader.loadClass("com.licel.jcardsim.base.Simulator");
    Class<?> aidType = loader.loadClass("javacard.framework.AID");
    Object simulator = simulatorType.getConstructor(runtimeType).newInstance(runtimeType.getConstructor().newInstance());
    byte[] aid = spec.appletAid();
    byte[] data = spec.installParameters();
    byte[] install = ByteBuffer.allocate(aid.length + data.length + 4)
      .put((byte) aid.length).put(aid).put((byte) 1).put((byte) 0).put((byte) data.length).put(data).array();
    Object instance = aidType.getConstructor(byte[].class, short.class, byte.class).newInstance(aid, (short) 0, (byte) aid.length);
    simulatorType.getMethod("installApplet", aidType, Class.class, byte[].class, short.class, byte.class)
      .invoke(simulator, instance, loader.loadClass(spec.appletClassName()), install, (short) 0, (byte) install.length);
    return simulator;
  }

  /** One command APDU, the answer with its status word. */
  public byte[] transmit(byte[] apdu) {
    try {
      return (byte[]) transmit.invokeExact(Objects.requireNonNull(apdu));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  public void reset() {
    try {
      reset.invoke();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
