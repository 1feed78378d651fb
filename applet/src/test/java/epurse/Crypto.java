package epurse;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.SecretKeySpec;

/** The terminal's cryptography, on the JDK: nothing in common with the applet's. */
final class Crypto {

    private static SecureRandom source = new SecureRandom();

    private Crypto() {
    }

    /** From now on everything random follows from the seed: for runs that can be repeated. */
    static void seed(long seed) {
        source = sure(() -> SecureRandom.getInstance("SHA1PRNG"));
        source.setSeed(seed);
    }

    static void unseed() {
        source = new SecureRandom();
    }

    interface Step<T> {
        T run() throws GeneralSecurityException;
    }

    static <T> T sure(Step<T> step) {
        try {
            return step.run();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        source.nextBytes(bytes);
        return bytes;
    }

    static KeyPair newKeyPair() {
        return sure(() -> {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), source);
            return generator.generateKeyPair();
        });
    }

    /** X || Y. */
    static byte[] point(PublicKey key) {
        ECPoint w = ((ECPublicKey) key).getW();
        return Bytes.concat(coordinate(w.getAffineX()), coordinate(w.getAffineY()));
    }

    private static byte[] coordinate(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[32];
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, fixed, 32 - length, length);
        return fixed;
    }

    static PublicKey publicKey(byte[] point) {
        return sure(() -> {
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(new ECGenParameterSpec("secp256r1"));
            ECPoint w = new ECPoint(new BigInteger(1, Bytes.slice(point, 0, 32)), new BigInteger(1, Bytes.slice(point, 32, 32)));
            return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(w, curve.getParameterSpec(ECParameterSpec.class)));
        });
    }

    static byte[] sign(PrivateKey key, byte[] message) {
        return sure(() -> {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key, source);
            signature.update(message);
            return signature.sign();
        });
    }

    static boolean verify(byte[] point, byte[] message, byte[] signature) {
        return sure(() -> {
            Signature verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(publicKey(point));
            verifier.update(message);
            return verifier.verify(signature);
        });
    }

    static byte[] agree(PrivateKey own, byte[] otherPoint) {
        return sure(() -> {
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(own);
            agreement.doPhase(publicKey(otherPoint), true);
            return agreement.generateSecret();
        });
    }

    static byte[] sha256(byte[]... parts) {
        return sure(() -> MessageDigest.getInstance("SHA-256").digest(Bytes.concat(parts)));
    }

    /** X9.63 with SHA-256, 64 bytes. */
    static byte[] x963(byte[] secret, byte[] info) {
        return Bytes.concat(sha256(secret, Bytes.u32(1), info), sha256(secret, Bytes.u32(2), info));
    }

    static byte[] aes(byte[] key, byte[] blocks) {
        return sure(() -> {
            Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
            return cipher.doFinal(blocks);
        });
    }

    /** AES-CMAC (RFC 4493), written from the RFC. */
    static byte[] cmac(byte[] key, byte[] message) {
        byte[] k1 = twice(aes(key, new byte[16]));
        int blocks = Math.max(1, (message.length + 15) / 16);
        boolean whole = message.length == blocks * 16;
        byte[] padded = Bytes.concat(message, new byte[blocks * 16 - message.length]);
        if (!whole) {
            padded[message.length] = (byte) 0x80;
        }
        byte[] mask = whole ? k1 : twice(k1);
        byte[] state = new byte[16];
        for (int block = 0; block < blocks; block++) {
            for (int i = 0; i < 16; i++) {
                state[i] ^= (byte) (padded[block * 16 + i] ^ (block == blocks - 1 ? mask[i] : 0));
            }
            state = aes(key, state);
        }
        return state;
    }

    private static byte[] twice(byte[] block) {
        BigInteger doubled = new BigInteger(1, block).shiftLeft(1);
        if (doubled.testBit(128)) {
            doubled = doubled.clearBit(128).xor(BigInteger.valueOf(0x87));
        }
        byte[] bytes = doubled.toByteArray();
        byte[] fixed = new byte[16];
        int length = Math.min(16, bytes.length);
        System.arraycopy(bytes, bytes.length - length, fixed, 16 - length, length);
        return fixed;
    }

    /** AES-CTR whose first counter block is the chaining value with its last byte zero (docs/protocol.md section 4). */
    static byte[] ctr(byte[] key, byte[] chain, byte[] data) {
        byte[] out = data.clone();
        for (int block = 0; block * 16 < data.length; block++) {
            byte[] counter = chain.clone();
            counter[15] = (byte) block;
            byte[] stream = aes(key, counter);
            for (int i = block * 16; i < Math.min(data.length, block * 16 + 16); i++) {
                out[i] ^= stream[i % 16];
            }
        }
        return out;
    }
}
