package epurse;

import epurse.FuzzInput.Command;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import jcardsim.bridge.coverage.BranchCoverage;
import jcardsim.bridge.coverage.Probes;
import jcardsim.bridge.mutation.LoopLimit;

/**
 * Sends whatever comes to mind, in clear and inside valid sessions, and keeps what reached a new branch of the applet to change it
 * further. After every command: no 6F00 and no failure of memory, no fault of the applet, no allocation; what was refused changed
 * nothing; and the card can still be used.
 */
final class Fuzzer {

    private static final int EVERY = 32;
    private static final long JUMPS = 3_000_000;
    private static final Set<String> WORKING_PLACES = Set.of("CardKeys.scratch", "CardKeys.signPair", "CardKeys.agreePair");

    private final Random random;
    private final Issuer issuer;
    private final TestTerminal desk;
    private final List<FuzzStation> stations;
    private final List<FuzzInput> corpus = new ArrayList<>();
    private int commands;
    private int refused;

    /** @param seed of the inputs, the cards and all keys: the same seed, the same run */
    Fuzzer(long seed) {
        Crypto.seed(seed);
        random = new Random(seed);
        issuer = new Issuer();
        Probes.clear();
        TestCard raw = card();
        TestCard issued = card();
        issued.personalize();
        stations = FuzzStation.all(issuer, raw, issued);
        desk = TestTerminal.desk(issuer, "DESK-002");
        for (int i = 0; i < stations.size(); i++) {
            for (Command command : stations.get(i).seeds) {
                corpus.add(new FuzzInput(i, List.of(command)));
            }
        }
    }

    private TestCard card() {
        byte[] seed = new byte[32];
        random.nextBytes(seed);
        BranchCoverage coverage = new BranchCoverage();
        LoopLimit limit = new LoopLimit();
        return TestCard.raw(issuer, 0, spec -> spec.cardSeed(seed).classTransform(coverage).classTransform(limit));
    }

    /**
     * @param isOver ends it before all inputs were sent
     * @return how many were
     * @throws AssertionError with the input, at the first thing that is not as it should be
     */
    int run(int inputs, BooleanSupplier isOver) {
        for (int i = 0; i < inputs; i++) {
            if (isOver.getAsBoolean()) {
                return i;
            }
            FuzzInput chosen = corpus.get(random.nextInt(corpus.size()));
            FuzzInput input = i < corpus.size() && corpus.get(i).commands().size() == 1 ? corpus.get(i)
                : chosen.changed(random, corpus.get(random.nextInt(corpus.size())), stations.size());
            int before = Probes.taken();
            try {
                tryOut(input, i % EVERY == 0);
            } catch (AssertionError | RuntimeException found) {
                throw new AssertionError("input " + i + ", " + input.text(stations) + ": " + found, found);
            }
            if (Probes.taken() > before) {
                corpus.add(input);
            }
        }
        return inputs;
    }

    private void tryOut(FuzzInput input, boolean andUse) {
        FuzzStation station = stations.get(input.station());
        TestSession session = station.begin();
        for (Command command : input.commands()) {
            if (!command.inside()) {
                judge(station.card, () -> clear(station.card, command.bytes()));
                session = null;
            } else if (session != null) {
                TestSession open = session;
                session = judge(station.card, () -> inside(station.card, open, command.bytes())) == null ? null : session;
            }
        }
        if (andUse) {
            requireUsable(station.card);
        }
    }

    private interface Exchange {
        /** The true answer; null if it came in clear inside a session, which is over then. */
        Answer run();
    }

    private Answer judge(TestCard card, Exchange exchange) {
        byte[] before = card.simulated.persistentDigest(WORKING_PLACES);
        long version = card.simulated.persistentVersion();
        int faults = card.simulated.faults().size();
        LoopLimit.allow(JUMPS);
        Answer answer = exchange.run();
        commands++;
        boolean done = answer != null && (answer.ok() || answer.statusWord() >> 8 == 0x62);
        require(card.simulated.faults().size() == faults, "a fault: " + card.simulated.faults());
        require(card.simulated.memory().allocationsAfterInstall() == 0, "an allocation");
        if (!done) {
            refused++;
            boolean same = card.simulated.persistentVersion() == version || Arrays.equals(before, card.simulated.persistentDigest(WORKING_PLACES));
            require(same, "refused, and yet the state has changed");
        }
        return answer;
    }

    private static Answer clear(TestCard card, byte[] apdu) {
        Answer answer = Answer.of(card.transmit(apdu));
        requireHealthy(answer);
        require(answer.ok() || answer.data().length == 0, "a refusal in clear with data");
        return answer;
    }

    private static Answer inside(TestCard card, TestSession session, byte[] bytes) {
        byte[] raw = card.transmit(session.wrap(bytes[0], bytes[1], bytes[2], Bytes.slice(bytes, 3, Math.min(bytes.length, 240) - 3)));
        Answer outer = Answer.of(raw);
        requireHealthy(outer);
        if (!outer.ok()) {
            return null;
        }
        Answer answer = session.unwrap(outer.data());
        requireHealthy(answer);
        return answer;
    }

    private static void requireHealthy(Answer answer) {
        int sw = answer.statusWord();
        require(sw != 0x6F00 && sw != (Wire.SW_MEMORY_FAILURE & 0xFFFF), "status word " + answer);
    }

    /** SELECT answers, and a desk opens a session. */
    private void requireUsable(TestCard card) {
        LoopLimit.allow(JUMPS);
        if (card.state() == Wire.LIFE_RAW) {
            TestSession.openRaw(card);
        } else {
            TestSession.openFull(card, desk, 0);
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    int commands() {
        return commands;
    }

    int refused() {
        return refused;
    }

    int corpus() {
        return corpus.size();
    }
}
