package jcardsim.bridge.card;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import javacard.framework.APDU;

/**
 * Sets jCardSim's APDU object up for a command. Its own way, by reflection, throws for a command of 261 bytes (Lc 255 and
 * an Le) and puts the data into the buffer before the applet has asked for it.
 */
final class ApduAccess {
  private static final VarHandle VARIABLES;
  private static final VarHandle FLAGS;

  private static final int LE = 0;
  private static final int LC = 3;
  private static final int PROTOCOL = 7;
  private static final int REMAINING = 8;
  private static final int ACCESS_ALLOWED = 5;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(APDU.class, MethodHandles.lookup());
      VARIABLES = lookup.findVarHandle(APDU.class, "ramVars", short[].class);
      FLAGS = lookup.findVarHandle(APDU.class, "flags", boolean[].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private ApduAccess() {}

  /** Header and lengths into the buffer, everything else zero. */
  static void open(APDU apdu, byte protocol, byte[] command, ApduShape shape) {
    byte[] buffer = apdu.getBuffer();
    Arrays.fill(buffer, (byte) 0);
    System.arraycopy(command, 0, buffer, 0, Math.min(command.length, shape.dataOffset()));
    short[] variables = (short[]) VARIABLES.get(apdu);
    Arrays.fill(variables, (short) 0);
    variables[LC] = (short) shape.lc();
    variables[REMAINING] = (short) shape.lc();
    variables[LE] = (short) shape.le();
    variables[PROTOCOL] = protocol;
    boolean[] flags = (boolean[]) FLAGS.get(apdu);
    Arrays.fill(flags, false);
    flags[ACCESS_ALLOWED] = true;
  }

  static void close(APDU apdu) {
    ((boolean[]) FLAGS.get(apdu))[ACCESS_ALLOWED] = false;
  }
}
