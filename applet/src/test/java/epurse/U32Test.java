package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class U32Test {

    /** The methods under test, as {@link U32} has them. */
    private interface Unsigned {
        byte compare(byte[] a, short aOffset, byte[] b, short bOffset);

        boolean isZero(byte[] a, short offset);

        boolean isLast(byte[] a, short offset);

        void copy(byte[] from, short fromOffset, byte[] to, short toOffset);

        boolean add(byte[] a, short aOffset, byte[] b, short bOffset);

        boolean subtract(byte[] a, short aOffset, byte[] b, short bOffset);

        boolean increment(byte[] a, short offset);

        void limit(byte[] a, short aOffset, byte[] b, short bOffset);

        void remaining(byte[] a, short aOffset, byte[] b, short bOffset);

        void divide(byte[] dividend, short dividendOffset, byte[] divisor, short divisorOffset, byte[] quotient, short quotientOffset,
            byte[] rest, short restOffset);
    }

    private static final long MODULUS = 1L << 32;
    private static final long[] EDGES = {0, 1, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFFL, 0x80000000L, 0xFFFFFFFEL, 0xFFFFFFFFL,
        0x00FFFFFFL, 0xFF00FFFFL, 0xFFFF00FFL, 0xFFFFFF00L};
    private static final short A = 1;
    private static final short B = 6;
    private static final short C = 11;
    private static final short D = 16;

    private final Unsigned u32 = AppletCode.of("U32", Unsigned.class);

    private interface Check {
        void on(long a, long b, byte[] memory);
    }

    /** All pairs of edges, and random pairs of every magnitude. */
    private static void forAll(Check check) {
        Random random = new Random(42);
        for (long a : EDGES) {
            for (long b : EDGES) {
                check.on(a, b, memory(a, b));
            }
        }
        for (int i = 0; i < 20_000; i++) {
            long a = random.nextLong() >>> (32 + random.nextInt(32));
            long b = random.nextLong() >>> (32 + random.nextInt(32));
            check.on(a, b, memory(a, b));
        }
    }

    /** a and b with a byte of A5 around each number, which must stay. */
    private static byte[] memory(long a, long b) {
        byte[] memory = Bytes.fill(0xA5, 21);
        System.arraycopy(Bytes.u32(a), 0, memory, A, 4);
        System.arraycopy(Bytes.u32(b), 0, memory, B, 4);
        return memory;
    }

    private static void expectAround(byte[] memory) {
        assertArrayEquals(Bytes.fill(0xA5, 5), new byte[] {memory[0], memory[5], memory[10], memory[15], memory[20]});
    }

    @Test
    void additionIsAdditionAndSaysWhenItDoesNotFit() {
        forAll((a, b, memory) -> {
            assertEquals(a + b >= MODULUS, u32.add(memory, A, memory, B));
            assertEquals((a + b) % MODULUS, Bytes.u32(memory, A));
            assertEquals(b, Bytes.u32(memory, B));
            expectAround(memory);
        });
    }

    @Test
    void subtractionIsSubtractionAndSaysWhenItGoesBelowZero() {
        forAll((a, b, memory) -> {
            assertEquals(a < b, u32.subtract(memory, A, memory, B));
            assertEquals((a - b + MODULUS) % MODULUS, Bytes.u32(memory, A));
            expectAround(memory);
        });
    }

    @Test
    void comparisonIsUnsigned() {
        forAll((a, b, memory) -> assertEquals(Long.compare(a, b), Integer.signum(u32.compare(memory, A, memory, B))));
    }

    @Test
    void aCounterSaysWhenItWraps() {
        forAll((a, b, memory) -> {
            assertEquals(a == MODULUS - 1, u32.isLast(memory, A));
            assertEquals(a == 0, u32.isZero(memory, A));
            assertEquals(a == MODULUS - 1, u32.increment(memory, A));
            assertEquals((a + 1) % MODULUS, Bytes.u32(memory, A));
            expectAround(memory);
        });
    }

    @Test
    void limitAndRemainingNeverLeaveTheRange() {
        forAll((a, b, memory) -> {
            u32.copy(memory, A, memory, C);
            u32.limit(memory, C, memory, B);
            assertEquals(Math.min(a, b), Bytes.u32(memory, C));
            u32.remaining(memory, A, memory, B);
            assertEquals(Math.max(0, a - b), Bytes.u32(memory, A));
            expectAround(memory);
        });
    }

    @Test
    void divisionGivesQuotientAndRemainder() {
        forAll((a, b, memory) -> {
            if (b != 0) {
                u32.divide(memory, A, memory, B, memory, C, memory, D);
                assertEquals(a / b, Bytes.u32(memory, C));
                assertEquals(a % b, Bytes.u32(memory, D));
                assertEquals(a, Bytes.u32(memory, A));
                expectAround(memory);
            }
        });
    }

    @Test
    void divisionReadsNoNumberThatStandsBeforeTheDividend() {
        for (long a : EDGES) {
            for (int before : new int[] {0, 1}) {
                byte[] memory = Bytes.concat(Bytes.fill(before, 4), Bytes.u32(a), Bytes.u32(100), new byte[8]);
                u32.divide(memory, (short) 4, memory, (short) 8, memory, (short) 12, memory, (short) 16);
                assertEquals(a / 100, Bytes.u32(memory, 12));
                assertEquals(a % 100, Bytes.u32(memory, 16));
            }
        }
    }
}
