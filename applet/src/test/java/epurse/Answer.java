package epurse;

/** What the card answered: inside a session the true status word, its reason and the plaintext. */
record Answer(int statusWord, int reason, byte[] data) {

    /** From the plaintext of a protected answer, or from an answer in clear. */
    static Answer of(byte[] plain) {
        int statusWord = Bytes.u16(plain, plain.length - 2);
        byte[] data = Bytes.slice(plain, 0, plain.length - 2);
        boolean refused = statusWord != 0x9000;
        return new Answer(statusWord, refused && data.length == 1 ? data[0] : 0, data);
    }

    boolean ok() {
        return statusWord == 0x9000;
    }

    byte[] expectOk() {
        if (!ok()) {
            throw new AssertionError("the card refused: " + this);
        }
        return data;
    }

    @Override
    public String toString() {
        return String.format("%04X reason %02X, %d bytes", statusWord, reason, data.length);
    }
}
