package jcardsim.bridge.link;

/** A request that cannot be carried out: a stable code for the caller and one sentence for a person. */
public final class LinkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The closed list of codes; the TypeScript side has the same names. */
    public enum Code {
        BAD_REQUEST,
        CARD_CLOSED,
        CARD_OFF,
        CARD_IN_READER,
        NOT_IN_READER,
        POWER_LOST,
        INSTALL_FAILED,
        IMAGE_IN_USE,
        IMAGE_MISSING,
        IMAGE_EXISTS,
        IMAGE_DAMAGED,
        IMAGE_FAILED,
        SNAPSHOT_UNKNOWN,
        READER_UNREACHABLE,
        INTERNAL
    }

    private final Code code;

    public LinkException(Code code, String sentence) {
        super(sentence);
        this.code = code;
    }

    public LinkException(Code code, String sentence, Throwable cause) {
        super(sentence, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
