package jcardsim.bridge.card;

import java.lang.reflect.Field;
import javacard.framework.JCSystem;
import javacard.security.AESKey;
import javacard.security.CryptoException;
import javacard.security.DESKey;
import javacard.security.ECPrivateKey;
import javacard.security.ECPublicKey;
import javacard.security.HMACKey;
import javacard.security.Key;
import javacard.security.KeyBuilder;
import javacard.security.KeyPair;
import javacard.security.KoreanSEEDKey;
import jcardsim.bridge.Counters.Item;
import jcardsim.bridge.Strictness;

/** Making and setting keys. */
public final class KeyCalls {
  private static final byte UNCOMPRESSED = 4;

  private KeyCalls() {}

  /** Reserves the key's memory at once, as a card does; jCardSim waits for the first value. */
  public static Key buildKey(byte type, short bits, boolean encryption) {
    int payload = KeySizes.payload(type, bits);
    if (KeySizes.event(type) == JCSystem.NOT_A_TRANSIENT_OBJECT) {
      Card.ALLOCATOR.persistent("a key of type " + type, payload);
    } else {
      Card.ALLOCATOR.ram("a key of type " + type, payload);
    }
    Card.MEMORY.beginFresh();
    try {
      Key key = KeyBuilder.buildKey(type, bits, encryption);
      reserve(key, type, bits);
      return key;
    } finally {
      Card.MEMORY.endFresh();
    }
  }

  /** Java Card 3.0.4's form: algorithmic type and memory type apart; jCardSim's own returns null. */
  public static Key buildKey(byte algorithmicType, byte memoryType, short bits, boolean encryption) {
    return buildKey(KeySizes.keyType(algorithmicType, memoryType), bits, encryption);
  }

  private static void reserve(Key key, byte type, short bits) {
    int bytes = (bits + 7) / 8;
    if (Engine.isSymmetric(key)) {
      cell(key, "key").reserve(Engine.isHmac(key) ? bits : bytes);
    } else if (key instanceof ECPrivateKey) {
      cell(key, "s").reserve(bytes);
    } else if (key instanceof ECPublicKey) {
      cell(key, "w").reserve(2 * bytes + 1);
    }
  }

  private static KeyCell cell(Key key, String name) {
    try {
      Field field = key.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return (KeyCell) field.get(key);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  public static void genKeyPair(KeyPair pair) {
    Card.MEMORY.requirePower();
    Card.TALLY.add(Item.KEY_PAIRS);
    pair.genKeyPair();
  }

  public static void setKey(AESKey key, byte[] data, short offset) {
    requireSource(data, offset, key.getSize() / 8);
    count(key);
    key.setKey(data, offset);
  }

  public static void setKey(DESKey key, byte[] data, short offset) {
    requireSource(data, offset, key.getSize() / 8);
    count(key);
    key.setKey(data, offset);
  }

  public static void setKey(HMACKey key, byte[] data, short offset, short length) {
    requireSource(data, offset, length);
    count(key);
    key.setKey(data, offset, length);
  }

  public static void setKey(KoreanSEEDKey key, byte[] data, short offset) {
    requireSource(data, offset, key.getSize() / 8);
    count(key);
    key.setKey(data, offset);
  }

  private static void count(Key key) {
    Card.MEMORY.requirePower();
    Card.TALLY.add(KeySizes.event(key.getType()) == JCSystem.NOT_A_TRANSIENT_OBJECT ? Item.SET_KEY_PERSISTENT : Item.SET_KEY_TRANSIENT);
  }

  private static void requireSource(byte[] data, int offset, int length) {
    if (offset < 0 || length < 0 || offset + length > data.length) {
      throw new ArrayIndexOutOfBoundsException("offset " + offset + ", length " + length + ", array of " + data.length);
    }
  }

  public static void setS(ECPrivateKey key, byte[] data, short offset, short length) {
    requireSource(data, offset, length);
    if (length <= 0 || length > (key.getSize() + 7) / 8) {
      CryptoException.throwIt(CryptoException.ILLEGAL_VALUE);
    }
    Card.TALLY.add(Item.SET_S);
    key.setS(data, offset, length);
  }

  /** Checks the form of the point; whether it is on the curve shows at the first use, as on most cards. */
  public static void setW(ECPublicKey key, byte[] data, short offset, short length) {
    requireSource(data, offset, length);
    boolean uncompressed = length == 2 * ((key.getSize() + 7) / 8) + 1 && data[offset] == UNCOMPRESSED;
    if (Card.SPEC.isStrict(Strictness.POINT_ON_CURVE) && !uncompressed) {
      CryptoException.throwIt(CryptoException.ILLEGAL_VALUE);
    }
    Card.TALLY.add(Item.SET_W);
    key.setW(data, offset, length);
  }

  public static void clearKey(Key key) {
    Card.MEMORY.requirePower();
    Card.TALLY.add(Item.CLEAR_KEY);
    key.clearKey();
  }
}
