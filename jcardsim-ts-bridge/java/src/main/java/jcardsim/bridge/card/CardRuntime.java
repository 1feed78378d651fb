package jcardsim.bridge.card;

import com.licel.jcardsim.base.SimulatorRuntime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import javacard.framework.AID;
import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.SystemException;
import javacardx.apdu.ExtendedLength;
import jcardsim.bridge.AppletFault.Kind;
import jcardsim.bridge.CardLoadException;
import jcardsim.bridge.Strictness;

/** The runtime environment: install, selection, dispatch, and transactions by the book (JCRE 3.0.4, chapters 3, 4 and 7). */
final class CardRuntime extends SimulatorRuntime {
  private static final int ISO_SELECT_BY_NAME_P1 = 4;

  private final boolean dataOnlyAfterReceive = Card.SPEC.isStrict(Strictness.DATA_ONLY_AFTER_RECEIVE);
  private final boolean ignoreSurplus = !Card.SPEC.isStrict(Strictness.APDU_FORMAT);
  private AID instance;
  private Applet instanceApplet;
  private byte[] command;
  private ApduShape shape;

  CardRuntime() {
    super(Card.RAM);
    currentProtocol = APDU.PROTOCOL_T1;
    Card.RAM.registerPlatform(shortAPDU.getBuffer());
    Card.RAM.registerPlatform(extendedAPDU.getBuffer());
  }

  // --- install -----------------------------------------------------------------------------------------------------------

  /** Calls the applet's install with [len AID][AID][1][privileges 00][len data][data] (GlobalPlatform Card Specification 11.5.2.3.7). */
  void install(Class<?> appletClass) {
    activateSimulatorRuntimeInstance();
    byte[] parameters = installData();
    Card.RAM.registerPlatform(parameters);
    registrationCallback.set(this::register);
    try {
      Method install = appletClass.getMethod("install", byte[].class, short.class, byte.class);
      install.invoke(null, parameters, (short) 0, (byte) parameters.length);
    } catch (InvocationTargetException e) {
      throw installFailure(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new CardLoadException(CardLoadException.Reason.INSTALL_FAILED, appletClass.getName() + " has no public static install(byte[], short, byte)", e);
    } finally {
      registrationCallback.remove();
      Arrays.fill(parameters, (byte) 0);
    }
    closeTransaction(false);
    if (applets.isEmpty()) {
      throw new CardLoadException(CardLoadException.Reason.INSTALL_FAILED, "install() returned without register()");
    }
  }

  private static byte[] installData() {
    byte[] aid = Card.SPEC.appletAid();
    byte[] data = Card.SPEC.installParameters();
    java.nio.ByteBuffer out = java.nio.ByteBuffer.allocate(aid.length + data.length + 4);
    return out.put((byte) aid.length).put(aid).put((byte) 1).put((byte) 0).put((byte) data.length).put(data).array();
  }

  private void register(Applet applet, AID aid) {
    if (!applets.isEmpty()) {
      SystemException.throwIt(SystemException.ILLEGAL_AID);
    }
    byte[] own = Card.SPEC.appletAid();
    put(aid == null ? new AID(own, (short) 0, (byte) own.length) : aid, applet);
  }

  private static RuntimeException installFailure(Throwable cause) {
    if (cause instanceof PowerCut) {
      throw PowerCut.NOW;
    }
    Card.FAULTS.record(Kind.UNCAUGHT_EXCEPTION, cause);
    return new CardLoadException(CardLoadException.Reason.INSTALL_FAILED, "install() failed: " + Faults.describe(cause), cause);
  }

  boolean isInstalled() {
    return !applets.isEmpty();
  }

  /** The one instance there is; jCardSim's own search writes AIDs out as text to compare them. */
  @Override
  protected Applet getApplet(AID aid) {
    return aid != null && aid == instance ? instanceApplet : super.getApplet(aid);
  }

  private void put(AID aid, Applet applet) {
    applets.put(aid, new ApplicationInstance(aid, applet));
    instance = aid;
    instanceApplet = applet;
  }

  AID instanceAid() {
    return instance;
  }

  Applet applet() {
    return instanceApplet;
  }

  /** For a card that comes from an image. */
  void adopt(AID aid, Applet applet) {
    put(aid, applet);
  }

  // --- power -------------------------------------------------------------------------------------------------------------

  /** Selection and RAM as after a reset. */
  void forgetSession() {
    currentAID = null;
    selecting = false;
    responseBufferSize = 0;
    Card.RAM.clear(true);
  }

  /** Selection only; RAM keeps what it has. */
  void forgetSelection() {
    currentAID = null;
    selecting = false;
  }

  AID selected() {
    return currentAID;
  }

  void select(AID aid) {
    currentAID = aid;
  }

  // --- commands ----------------------------------------------------------------------------------------------------------

  @Override
  public byte[] transmitCommand(byte[] apdu) {
    activateSimulatorRuntimeInstance();
    command = apdu;
    shape = ApduShape.of(apdu, ignoreSurplus);
    if (shape == null) {
      return statusWord(ISO7816.SW_WRONG_LENGTH);
    }
    selecting = false;
    if (isSelection()) {
      AID found = findByName();
      if (found != null) {
        deselectCurrent();
        currentAID = found;
        selecting = true;
      }
    }
    Applet applet = getApplet(currentAID);
    if (applet == null) {
      return statusWord(ISO7816.SW_APPLET_SELECT_FAILED);
    }
    usingExtendedAPDUs = shape.form().isExtended();
    if (usingExtendedAPDUs && !(applet instanceof ExtendedLength)) {
      return statusWord(ISO7816.SW_WRONG_LENGTH);
    }
    if (selecting && !acceptsSelection(applet)) {
      selecting = false;
      currentAID = null;
      Card.RAM.clear(false);
      return statusWord(ISO7816.SW_APPLET_SELECT_FAILED);
    }
    return process(applet);
  }

  private boolean isSelection() {
    return !shape.form().isExtended() && shape.lc() > 0 && isAppletSelectionApdu(command) && command[ISO7816.OFFSET_P1] == ISO_SELECT_BY_NAME_P1;
  }

  /** An instance whose AID is the name, or starts with it. */
  private AID findByName() {
    if (shape.lc() > 16) {
      return null;
    }
    byte length = (byte) shape.lc();
    for (AID aid : applets.keySet()) {
      if (aid.partialEquals(command, ISO7816.OFFSET_CDATA, length)) {
        return aid;
      }
    }
    return null;
  }

  private void deselectCurrent() {
    Applet applet = getApplet(currentAID);
    if (applet == null) {
      return;
    }
    try {
      applet.deselect();
    } catch (PowerCut cut) {
      throw cut;
    } catch (Throwable thrown) {
      Card.FAULTS.record(Kind.DESELECT_FAILED, thrown);
    }
    closeTransaction(true);
    Card.MEMORY.requirePower();
    Card.RAM.clear(false);
    Engine.appletDeselected();
  }

  private boolean acceptsSelection(Applet applet) {
    try {
      return applet.select();
    } catch (PowerCut cut) {
      throw cut;
    } catch (Throwable thrown) {
      Card.FAULTS.record(Kind.UNCAUGHT_EXCEPTION, thrown);
      return false;
    } finally {
      closeTransaction(false);
    }
  }

  private byte[] process(Applet applet) {
    APDU apdu = getCurrentAPDU();
    ApduAccess.open(apdu, currentProtocol, command, shape);
    responseBufferSize = 0;
    if (!dataOnlyAfterReceive) {
      deliverData();
    }
    short status = ISO7816.SW_NO_ERROR;
    boolean normal = false;
    try {
      applet.process(apdu);
      normal = true;
    } catch (PowerCut cut) {
      throw cut;
    } catch (ISOException refused) {
      status = refused.getReason();
    } catch (Throwable thrown) {
      Card.FAULTS.record(Kind.UNCAUGHT_EXCEPTION, thrown);
      status = ISO7816.SW_UNKNOWN;
    } finally {
      selecting = false;
      ApduAccess.close(apdu);
    }
    closeTransaction(normal);
    return answer(status);
  }

  /** Copies the command data to where the applet looks for it. */
  void deliverData() {
    if (shape.lc() > 0) {
      System.arraycopy(command, shape.dataOffset(), getCurrentAPDU().getBuffer(), shape.dataOffset(), shape.lc());
    }
  }

  /** A transaction that is still open is aborted (JCRE 7.6.2); {@code unexpected} if nothing was thrown over it. */
  private static void closeTransaction(boolean unexpected) {
    if (Card.MEMORY.inTransaction()) {
      if (unexpected) {
        Card.FAULTS.record(Kind.TRANSACTION_LEFT_OPEN, "the applet returned with an open transaction, which was aborted");
      }
      Card.MEMORY.abort();
    }
  }

  private byte[] answer(short status) {
    byte[] theSW = statusWord(status);
    if (!carriesData(theSW)) {
      return theSW;
    }
    byte[] answer = Arrays.copyOf(responseBuffer, responseBufferSize + 2);
    answer[responseBufferSize] = theSW[0];
    answer[responseBufferSize + 1] = theSW[1];
    return answer;
  }

  /** Data goes with success and warnings only (ISO 7816-3, 12.2). */
  private static boolean carriesData(byte[] theSW) {
    int sw1 = theSW[0] & 0xFF;
    return sw1 >= 0x90 && sw1 <= 0x9F || sw1 >= 0x61 && sw1 <= 0x63;
  }

  private static byte[] statusWord(short status) {
    return new byte[] {(byte) (status >> 8), (byte) status};
  }

  // --- what JCSystem asks ------------------------------------------------------------------------------------------------

  @Override
  public void beginTransaction() {
    Card.MEMORY.begin();
  }

  @Override
  public void commitTransaction() {
    Card.MEMORY.commit();
  }

  @Override
  public void abortTransaction() {
    Card.MEMORY.abort();
  }

  @Override
  public byte getTransactionDepth() {
    return (byte) (Card.MEMORY.inTransaction() ? 1 : 0);
  }

  @Override
  public short getUnusedCommitCapacity() {
    return clamp(Card.MEMORY.unusedCommitCapacity());
  }

  @Override
  public short getMaxCommitCapacity() {
    return clamp(Card.MEMORY.commitCapacity());
  }

  @Override
  public short getAvailablePersistentMemory() {
    return clamp(Card.ALLOCATOR.freePersistent());
  }

  @Override
  public short getAvailableTransientResetMemory() {
    return clamp(Card.ALLOCATOR.freeTransient());
  }

  @Override
  public short getAvailableTransientDeselectMemory() {
    return clamp(Card.ALLOCATOR.freeTransient());
  }

  private static short clamp(int bytes) {
    return (short) Math.min(bytes, Short.MAX_VALUE);
  }
}
