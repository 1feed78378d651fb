package epurse;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import jcardsim.bridge.bench.PlainCard;

/**
 * The whole payment at a known terminal (SELECT, OPEN SESSION, DEBIT), on the bridge and in plain jCardSim, in one JVM and in turns. What is timed is
 * the time in transmit; the terminal's end costs the same on both sides and is left out. Prints one line of JSON.
 *
 * <p>Arguments: counted payments (default 400), warm-up payments (default 200).
 */
public final class PaymentBench {

    private PaymentBench() {
    }

    /** One card under the clock. */
    private static final class Lane {
        private static final int PAYMENTS_PER_SYNC = 15;

        private final TestCard card;
        private final TestTerminal pos;
        private final TestTerminal desk;
        private long nanos;
        private long tn;

        Lane(TestCard card) {
            this.card = card;
            Issuer issuer = card.issuer;
            pos = TestTerminal.pos(issuer, "POS-0001");
            desk = TestTerminal.desk(issuer, "DESK-001");
            card.personalize();
            TestTerminal kiosk = TestTerminal.kiosk(issuer, "KIOSK-01");
            TestSession.openFull(card, kiosk, 0).load(0, 20000);
            TestSession.openFull(card, pos, 0);
        }

        /** Time in transmit of one payment, in nanoseconds. */
        long pay() {
            if (tn % PAYMENTS_PER_SYNC == 0) {
                synchronise();
            }
            tn++;
            nanos = 0;
            TestSession session = TestSession.openResumed(card, pos, 0);
            session.debit(0, 1, tn).expectOk();
            return nanos;
        }

        /** Tells the card that the issuer has all records, and clears the sum without PIN by one payment with it. */
        private void synchronise() {
            TestSession session = TestSession.openFull(card, desk, 0);
            byte[] statement = session.send(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0).expectOk();
            byte[] body = Bytes.concat(Bytes.slice(statement, Wire.STATEMENT_NT, 4),
                Bytes.slice(statement, Wire.STATEMENT_RUNNING_HASH, 32), Bytes.u32(Issuer.NOW));
            session.order(Wire.ORDER_TYPE_SYNC, 0,
                card.issuer.order(Wire.KEY_REF_ORDER, TestCard.CARD_ID, Wire.ORDER_TYPE_SYNC, body)).expectOk();
        }

        UnaryOperator<byte[]> timed(UnaryOperator<byte[]> link) {
            return apdu -> {
                long start = System.nanoTime();
                byte[] answer = link.apply(apdu);
                nanos += System.nanoTime() - start;
                return answer;
            };
        }
    }

    public static void main(String[] arguments) {
        int counted = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 400;
        int warmUp = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200;
        Issuer issuer = new Issuer();
        try (TestCard onBridge = TestCard.raw(issuer)) {
            Lane bridge = new Lane(onBridge);
            onBridge.through(bridge::timed);
            TestCard inPlain = TestCard.over(issuer, PlainCard.create(TestCard.spec(0).build())::transmit);
            Lane plain = new Lane(inPlain);
            inPlain.through(plain::timed);
            for (int i = 0; i < warmUp; i++) {
                bridge.pay();
                plain.pay();
            }
            double[] bridgeMicros = new double[counted];
            double[] plainMicros = new double[counted];
            double[] ratios = new double[counted];
            for (int i = 0; i < counted; i++) {
                bridgeMicros[i] = bridge.pay() / 1000.0;
                plainMicros[i] = plain.pay() / 1000.0;
                ratios[i] = plainMicros[i] / bridgeMicros[i];
            }
            System.out.printf(java.util.Locale.ROOT, "{\"payments\":%d,\"bridgeMicros\":%.1f,\"plainMicros\":%.1f,\"ratio\":%.3f}%n",
                counted, median(bridgeMicros), median(plainMicros), median(ratios));
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
