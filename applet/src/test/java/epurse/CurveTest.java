package epurse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javacard.security.ECKey;
import org.junit.jupiter.api.Test;

/** The curve that keys are given, which the simulator would know without: P-256 (FIPS 186-5) in every parameter. */
class CurveTest {

    private interface Curve {
        void setCurve(ECKey key);
    }

    private static String hex(BigInteger number) {
        return "%064x".formatted(number);
    }

    @Test
    void keysAreOnTheCurveP256() throws GeneralSecurityException {
        Map<String, String> given = new TreeMap<>();
        ECKey key = (ECKey) Proxy.newProxyInstance(ECKey.class.getClassLoader(), new Class<?>[] {ECKey.class}, (proxy, method, arguments) -> {
            given.put(method.getName(), arguments[0] instanceof byte[] bytes
                ? hexOf(Arrays.copyOfRange(bytes, (Short) arguments[1], (Short) arguments[1] + (Short) arguments[2])) : arguments[0].toString());
            return null;
        });
        AppletCode.of("P256", Curve.class).setCurve(key);
        AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
        named.init(new ECGenParameterSpec("secp256r1"));
        ECParameterSpec p256 = named.getParameterSpec(ECParameterSpec.class);
        Map<String, String> expected = new TreeMap<>(Map.of("setFieldFP", hex(((ECFieldFp) p256.getCurve().getField()).getP()),
            "setA", hex(p256.getCurve().getA()), "setB", hex(p256.getCurve().getB()),
            "setG", "04" + hex(p256.getGenerator().getAffineX()) + hex(p256.getGenerator().getAffineY()),
            "setR", hex(p256.getOrder()), "setK", Integer.toString(p256.getCofactor())));
        assertEquals(expected, given);
    }

    private static String hexOf(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
