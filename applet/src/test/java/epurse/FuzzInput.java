package epurse;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * What a fuzzer sends: a station to begin at, and a few commands.
 *
 * @param station index of a {@link FuzzStation}
 */
record FuzzInput(int station, List<Command> commands) {

    private static final int MOST_COMMANDS = 4;
    private static final int HEAD = 3; // INS, P1, P2
    private static final int MOST_BYTES = 247;
    private static final int[] INTERESTING = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x08, 0x0F, 0x10, 0x20, 0x40, 0x7F, 0x80, 0x81, 0x84, 0xFE, 0xFF};
    private static final int[] NUMBERS = {0, 1, 2, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF};

    /**
     * One command.
     *
     * @param inside true: goes through the session's secure messaging, bytes are INS, P1, P2 and data; false: bytes are the APDU
     */
    record Command(boolean inside, byte[] bytes) {

        static Command inside(int ins, int p1, int p2, byte[]... data) {
            return new Command(true, Bytes.concat(Bytes.u8(ins), Bytes.u8(p1), Bytes.u8(p2), Bytes.concat(data)));
        }

        static Command plain(int ins, int p1, int p2, byte[]... data) {
            byte[] content = Bytes.concat(data);
            return new Command(false, Bytes.concat(new byte[] {(byte) 0x80, (byte) ins, (byte) p1, (byte) p2, (byte) content.length}, content, Bytes.u8(0)));
        }
    }

    /** For a message: what to send to see it again. */
    String text(List<FuzzStation> stations) {
        StringBuilder text = new StringBuilder("at \"" + stations.get(station).name + '"');
        commands.forEach(command -> text.append(command.inside() ? " inside:" : " plain:").append(HexFormat.of().formatHex(command.bytes())));
        return text.toString();
    }

    /** Something near this one. @param other lends a command now and then */
    FuzzInput changed(Random random, FuzzInput other, int stations) {
        List<Command> next = new ArrayList<>(commands);
        int at = random.nextInt(next.size());
        switch (random.nextInt(10)) {
            case 0:
                return new FuzzInput(random.nextInt(stations), next);
            case 1:
                next.add(at, other.commands().get(random.nextInt(other.commands().size())));
                return new FuzzInput(station, next.size() > MOST_COMMANDS ? next.subList(0, MOST_COMMANDS) : next);
            case 2:
                if (next.size() > 1) {
                    next.remove(at);
                    return new FuzzInput(station, next);
                }
                return new FuzzInput(station, List.of(changed(next.get(0), random)));
            case 3:
            case 4:
                // what was right stays, and something near it follows
                next.add(changed(next.get(at), random));
                return new FuzzInput(station, next.size() > MOST_COMMANDS ? next.subList(1, next.size()) : next);
            default:
                next.set(at, changed(next.get(at), random));
                return new FuzzInput(station, next);
        }
    }

    private static Command changed(Command command, Random random) {
        byte[] bytes = command.bytes();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            bytes = changed(bytes, random);
        }
        boolean headless = command.inside() && bytes.length < HEAD;
        return new Command(command.inside(), headless ? Bytes.concat(bytes, new byte[HEAD - bytes.length]) : bytes);
    }

    private static byte[] changed(byte[] bytes, Random random) {
        if (bytes.length < 4) {
            return Bytes.concat(bytes, Bytes.u8(random.nextInt(256)));
        }
        byte[] copy = bytes.clone();
        int at = random.nextInt(copy.length);
        switch (random.nextInt(7)) {
            case 0:
                copy[at] ^= (byte) (1 << random.nextInt(8));
                return copy;
            case 1:
                copy[at] = (byte) INTERESTING[random.nextInt(INTERESTING.length)];
                return copy;
            case 2:
                copy[at] = (byte) random.nextInt(256);
                return copy;
            case 3:
                System.arraycopy(Bytes.u32(NUMBERS[random.nextInt(NUMBERS.length)]), 0, copy, Math.min(at, copy.length - 4), 4);
                return copy;
            case 4:
                return Bytes.slice(copy, 0, Math.max(3, at));
            case 5:
                byte[] more = new byte[1 + random.nextInt(Math.max(1, Math.min(32, MOST_BYTES - copy.length)))];
                random.nextBytes(more);
                return copy.length + more.length > MOST_BYTES ? copy : Bytes.concat(Bytes.slice(copy, 0, at), more, Bytes.from(copy, at));
            default:
                return Bytes.concat(Bytes.slice(copy, 0, at), Bytes.from(copy, Math.min(copy.length, at + 1 + random.nextInt(4))));
        }
    }
}
