package epurse;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What platforms do that the simulator does not, for {@link PlatformCalls}: a link that brings a command in pieces or is lost meanwhile, an
 * extended length, engines that forget their key at power-off, a buffer that is not cleared, an installer that names no AID. Public, as
 * the applet's classes have a loader of their own.
 */
public final class OtherPlatform {

    private static final int DATA = 5;
    private static final byte DIRT = (byte) 0xA5;
    private static final short IO_ERROR = 4;
    private static final short INVALID_INIT = 4;
    private static final short TYPE_EC_FIRST = 9;
    private static final short TYPE_EC_LAST = 12;

    private static int pieceLength;
    private static byte[] waiting;
    private static boolean lost;
    private static final Set<Object> READY = Collections.newSetFromMap(new IdentityHashMap<>());
    private static final Map<String, Integer> ASKED = new TreeMap<>();

    private OtherPlatform() {
    }

    static void bringInPiecesOf(int length) {
        pieceLength = length;
    }

    static void loseTheLink(boolean yes) {
        lost = yes;
    }

    static void forgetKeys() {
        READY.clear();
    }

    static void askedNothing() {
        ASKED.clear();
    }

    /** How often the applet asked for what. */
    static Map<String, Integer> asked() {
        return Map.copyOf(ASKED);
    }

    private static byte[] bufferOf(Object apdu) {
        try {
            return (byte[]) apdu.getClass().getMethod("getBuffer").invoke(apdu);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    /** After {@code APDU.setIncomingAndReceive}: only the first piece is there; the rest is still on its way. */
    public static short firstPiece(short received, Object apdu) {
        byte[] buffer = bufferOf(apdu);
        int here = Math.min(pieceLength, received);
        waiting = Arrays.copyOfRange(buffer, DATA + here, DATA + received);
        Arrays.fill(buffer, DATA + here, buffer.length, DIRT);
        return (short) here;
    }

    /** In place of {@code APDU.receiveBytes}. */
    public static short nextPiece(Object apdu, short offset) {
        int here = Math.min(pieceLength, waiting.length);
        System.arraycopy(waiting, 0, bufferOf(apdu), offset, here);
        waiting = Arrays.copyOfRange(waiting, here, waiting.length);
        return (short) here;
    }

    /** Reason of an APDUException at {@code APDU.setIncomingAndReceive}. */
    public static short lostLink(Object apdu) {
        return lost ? IO_ERROR : 0;
    }

    /** In place of {@code APDU.getOffsetCdata}: the data of an extended length begin two bytes later (ISO 7816-4 section 5.1). */
    public static short extendedOffset(Object apdu) {
        return DATA + 2;
    }

    /** {@code Signature.init}. */
    public static void initialised(Object engine, Object key, byte mode) {
        READY.add(engine);
    }

    /** {@code KeyAgreement.init}. */
    public static void initialised(Object engine, Object key) {
        READY.add(engine);
    }

    /** Reason of a CryptoException at {@code Signature.sign} and {@code KeyAgreement.generateSecret}, whose parameters are alike. */
    public static short forgotten(Object engine, byte[] in, short inOffset, short length, byte[] out, short outOffset) {
        return READY.contains(engine) ? 0 : INVALID_INIT;
    }

    /** {@code getInstance} of an engine. */
    public static void asked(byte algorithm, boolean externalAccess) {
        count(externalAccess ? "engine for all applets" : "engine");
    }

    /** {@code KeyBuilder.buildKey}. */
    public static void asked(byte type, short length, boolean keyEncryption) {
        count(keyEncryption ? "key that can be set encrypted" : "key");
        if (type >= TYPE_EC_FIRST && type <= TYPE_EC_LAST) {
            count("key on a curve");
        }
    }

    /** One of the arrays of a curve. */
    public static void curve(Object key, byte[] from, short offset, short length) {
        count("parameter of a curve");
    }

    /** Its cofactor. */
    public static void curve(Object key, short cofactor) {
        count("parameter of a curve");
    }

    /** The APDU buffer as the command before has left it. */
    public static void dirty(byte[] buffer) {
        Arrays.fill(buffer, DIRT);
    }

    /** The parameters of {@code Applet.install} without the instance's AID. */
    public static byte[] withoutAid(byte[] array, short offset) {
        byte[] other = array.clone();
        int rest = offset + 1 + array[offset];
        other[offset] = 0;
        System.arraycopy(array, rest, other, offset + 1, array.length - rest);
        return other;
    }

    private static void count(String what) {
        ASKED.merge(what, 1, Integer::sum);
    }
}
