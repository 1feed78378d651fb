package epurse;

import javacard.framework.Util;
import javacard.security.AESKey;
import javacard.security.CryptoException;
import javacard.security.ECPrivateKey;
import javacard.security.ECPublicKey;
import javacard.security.KeyAgreement;
import javacard.security.KeyBuilder;
import javacard.security.KeyPair;
import javacard.security.Signature;

/**
 * The card's own secrets: a key pair to sign, one to agree, and the transport keys of the raw card. No method returns a secret.
 *
 * <p>Signer and key agreement are initialised once, when the keys are made: an engine keeps its initialisation over power-off (Signature,
 * class description), and 8 ms a payment are saved. A card that forgets it says INVALID_INIT, and is told again.
 */
final class CardKeys {

    private final ECPrivateKey signKey = P256.newPrivateKey();
    private final ECPrivateKey agreeKey = P256.newPrivateKey();

    /** Working place for any public point: of the own keys while they are made, of the terminal at hand later. */
    private final ECPublicKey scratch = P256.newPublicKey();
    private final KeyPair signPair = new KeyPair(scratch, signKey);
    private final KeyPair agreePair = new KeyPair(scratch, agreeKey);

    final AESKey transportEncryption = newAesKey();
    final AESKey transportMac = newAesKey();

    private final Signature signer = Signature.getInstance(Signature.ALG_ECDSA_SHA_256, false);
    private final Signature verifier = Signature.getInstance(Signature.ALG_ECDSA_SHA_256, false);
    private final KeyAgreement agreement = KeyAgreement.getInstance(KeyAgreement.ALG_EC_SVDP_DH_PLAIN, false);

    /** Public points X || Y of signature and agreement key. */
    final byte[] points = new byte[(short) (2 * Wire.POINT_LENGTH)];
    private boolean made;

    private static AESKey newAesKey() {
        return (AESKey) KeyBuilder.buildKey(KeyBuilder.TYPE_AES, KeyBuilder.LENGTH_AES_128, false);
    }

    boolean areMade() {
        return made;
    }

    /**
     * Makes both key pairs. The flag comes last, so a tear means: make them again. In RAW only.
     *
     * @param work for one encoded point
     */
    void make(byte[] work) {
        signPair.genKeyPair();
        keepPoint(work, (short) 0);
        agreePair.genKeyPair();
        keepPoint(work, Wire.POINT_LENGTH);
        signer.init(signKey, Signature.MODE_SIGN);
        agreement.init(agreeKey);
        made = true;
    }

    private void keepPoint(byte[] work, short at) {
        scratch.getW(work, (short) 0);
        Util.arrayCopy(work, (short) 1, points, at, Wire.POINT_LENGTH);
    }

    /** Signs with the card's signature key and returns the length of the signature (DER, at most 72). */
    short sign(byte[] message, short length, byte[] out, short outOffset) {
        try {
            return signer.sign(message, (short) 0, length, out, outOffset);
        } catch (CryptoException e) {
            rethrowUnlessUninitialised(e);
            signer.init(signKey, Signature.MODE_SIGN);
            return signer.sign(message, (short) 0, length, out, outOffset);
        }
    }

    /**
     * ECDH with the card's agreement key: the x-coordinate, 32 bytes.
     *
     * @param point 04 || X || Y; one that is not on the curve is refused by the platform with a CryptoException
     */
    void agree(byte[] point, short pointOffset, byte[] out, short outOffset) {
        try {
            agreement.generateSecret(point, pointOffset, P256.ENCODED_LENGTH, out, outOffset);
        } catch (CryptoException e) {
            rethrowUnlessUninitialised(e);
            agreement.init(agreeKey);
            agreement.generateSecret(point, pointOffset, P256.ENCODED_LENGTH, out, outOffset);
        }
    }

    private static void rethrowUnlessUninitialised(CryptoException e) {
        if (e.getReason() != CryptoException.INVALID_INIT) {
            throw e;
        }
    }

    /** Takes the terminal's public key, 04 || X || Y, which stays for the session. */
    ECPublicKey setTerminalPoint(byte[] point, short offset) {
        scratch.setW(point, offset, P256.ENCODED_LENGTH);
        return scratch;
    }

    ECPublicKey terminalKey() {
        return scratch;
    }

    /** Whether a signature verifies. A malformed one does not, whatever the platform throws for it. */
    boolean verify(ECPublicKey key, byte[] message, short offset, short length,
                   byte[] signature, short signatureOffset, short signatureLength) {
        try {
            verifier.init(key, Signature.MODE_VERIFY);
            return verifier.verify(message, offset, length, signature, signatureOffset, signatureLength);
        } catch (CryptoException malformed) {
            return false;
        }
    }

    /** Erases the transport keys; nothing is written if they are erased already. */
    void eraseTransportKeys() {
        if (transportEncryption.isInitialized()) {
            transportEncryption.clearKey();
        }
        if (transportMac.isInitialized()) {
            transportMac.clearKey();
        }
    }
}
