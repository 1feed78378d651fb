package jcardsim.bridge;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the card did, counted at the platform's API, over one command or since a mark. Immutable.
 *
 * <p>Prices differ from card to card, so nothing here is a time: a model multiplies these figures by measured times.
 */
public final class Counters {
  /** What is counted. {@link #key()} is the name in JSON. */
  public enum Item {
    /** {@code Cipher.init} with an AES key. */
    AES_CIPHER_INITS("aesCipherInits"),
    /** {@code Cipher.update/doFinal} on AES. */
    AES_CIPHER_CALLS("aesCipherCalls"),
    /** 16-byte blocks through AES, ciphers and MACs together. */
    AES_BLOCKS("aesBlocks"),
    /** {@code Signature.init} with an AES key (CBC-MAC, CMAC). */
    AES_MAC_INITS("aesMacInits"),
    /** {@code Signature.update/sign/verify} with an AES key. */
    AES_MAC_CALLS("aesMacCalls"),
    /** {@code Signature.init} with an HMAC key. */
    HMAC_INITS("hmacInits"),
    /** {@code Signature.update/sign/verify} with an HMAC key. */
    HMAC_CALLS("hmacCalls"),
    /** Signatures made with an asymmetric key. */
    SIGN("sign"),
    /** Signatures checked with an asymmetric key. */
    VERIFY("verify"),
    /** {@code Signature.init} with an asymmetric key. */
    SIGNATURE_INITS("signatureInits"),
    /** {@code KeyAgreement.generateSecret}. */
    KEY_AGREEMENTS("keyAgreements"),
    /** {@code KeyAgreement.init}. */
    KEY_AGREEMENT_INITS("keyAgreementInits"),
    /** {@code KeyPair.genKeyPair}. */
    KEY_PAIRS("keyPairs"),
    /** {@code MessageDigest.update/doFinal} calls. */
    DIGEST_CALLS("digestCalls"),
    /** Bytes through message digests. */
    DIGEST_BYTES("digestBytes"),
    /** {@code RandomData} calls. */
    RANDOM_CALLS("randomCalls"),
    /** Bytes of random data given to the applet. */
    RANDOM_BYTES("randomBytes"),
    /** Ciphers, signatures and MACs of other kinds (RSA, DES, …): {@code init}. */
    OTHER_CRYPTO_INITS("otherCryptoInits"),
    /** Ciphers, signatures and MACs of other kinds: {@code update/doFinal/sign/verify}. */
    OTHER_CRYPTO_CALLS("otherCryptoCalls"),
    /** {@code setKey} on a persistent symmetric key. */
    SET_KEY_PERSISTENT("setKeyPersistent"),
    /** {@code setKey} on a transient symmetric key. */
    SET_KEY_TRANSIENT("setKeyTransient"),
    /** {@code setS} on an EC private key. */
    SET_S("setS"),
    /** {@code setW} on an EC public key. */
    SET_W("setW"),
    /** {@code clearKey} on any key. */
    CLEAR_KEY("clearKey"),
    /** Persistent writes outside a transaction that are atomic by themselves: a field, an element, {@code arrayCopy}, a key. */
    WRITES_ATOMIC("writesAtomic"),
    /** Persistent writes inside a transaction. */
    WRITES_IN_TRANSACTION("writesInTransaction"),
    /** {@code arrayCopyNonAtomic}, {@code arrayFillNonAtomic} into persistent memory. */
    WRITES_NON_ATOMIC("writesNonAtomic"),
    BYTES_ATOMIC("bytesAtomic"),
    BYTES_IN_TRANSACTION("bytesInTransaction"),
    BYTES_NON_ATOMIC("bytesNonAtomic"),
    /** Transactions committed. */
    COMMITS("commits"),
    /** Transactions aborted, by the applet, the runtime or a power cut. */
    ABORTS("aborts"),
    /** Largest use of the commit buffer, in bytes of old data. A maximum, not a sum. */
    MAX_COMMIT_BYTES("maxCommitBytes"),
    /** {@code OwnerPIN.check}. */
    PIN_CHECKS("pinChecks"),
    /** Commands. */
    COMMANDS("commands"),
    /** Bytes of command APDUs. */
    APDU_BYTES_IN("apduBytesIn"),
    /** Bytes of answers, status word included. */
    APDU_BYTES_OUT("apduBytesOut");

    private final String key;

    Item(String key) {
      this.key = key;
    }

    public String key() {
      return key;
    }
  }

  private static final Item[] ITEMS = Item.values();

  private final long[] values;

  Counters(long[] values) {
    this.values = values;
  }

  public long get(Item item) {
    return values[item.ordinal()];
  }

  /** Every persistent write, whatever its kind: the number of points at which {@link SimulatedCard#cutPowerAt} can cut. */
  public long persistentWrites() {
    return get(Item.WRITES_ATOMIC) + get(Item.WRITES_IN_TRANSACTION) + get(Item.WRITES_NON_ATOMIC);
  }

  /** All figures by their JSON name, in the order of {@link Item}, zeros included. */
  public Map<String, Long> asMap() {
    Map<String, Long> map = new LinkedHashMap<>();
    for (Item item : ITEMS) {
      map.put(item.key(), get(item));
    }
    return map;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Counters && Arrays.equals(values, ((Counters) other).values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    Map<String, Long> map = asMap();
    map.values().removeIf(v -> v == 0);
    return map.toString();
  }
}
