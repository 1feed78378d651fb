package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

/** The subkeys of the applet's own CMAC (SP 800-38B section 6.1). */
class CmacTest {

    private interface Subkeys {
        void multiplyByX(byte[] block, short offset);
    }

    private static final BigInteger R128 = BigInteger.valueOf(0x87);

    private final Subkeys cmac = AppletCode.of("Cmac", Subkeys.class);

    /** x times a polynomial of degree 127 at most, modulo x^128 + x^7 + x^2 + x + 1. */
    private static byte[] timesX(byte[] block) {
        BigInteger shifted = new BigInteger(1, block).shiftLeft(1);
        byte[] bytes = (shifted.testBit(128) ? shifted.clearBit(128).xor(R128) : shifted).toByteArray();
        byte[] fixed = new byte[16];
        int length = Math.min(16, bytes.length);
        System.arraycopy(bytes, bytes.length - length, fixed, 16 - length, length);
        return fixed;
    }

    @Test
    void aSubkeyIsTwiceTheOneBeforeInTheFieldWhateverItBeginsWith() {
        for (int first = 0; first < 256; first++) {
            for (int rest : new int[] {0x00, 0x01, 0x7F, 0x80, 0xFF}) {
                byte[] block = Bytes.concat(Bytes.u8(first), Bytes.fill(rest, 15));
                byte[] memory = Bytes.concat(Bytes.fill(0xA5, 3), block, Bytes.fill(0xA5, 1));
                cmac.multiplyByX(memory, (short) 3);
                assertArrayEquals(Bytes.concat(Bytes.fill(0xA5, 3), timesX(block), Bytes.fill(0xA5, 1)), memory);
            }
        }
    }
}
