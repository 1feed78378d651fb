package epurse;

/** How long the card's answers must be, to the byte: each fixed part, and a DER signature that ends where the answer ends. */
final class AnswerLengths {

    private AnswerLengths() {
    }

    /** Fails if an answer inside a session has bytes too many or too few. */
    static void check(byte ins, int p1, Answer answer) {
        int length = answer.data().length;
        boolean fits = answer.ok() ? isComplete(ins, p1, answer.data()) : length <= 1;
        if (!fits) {
            throw new AssertionError(String.format("INS %02X P1 %02X answered with %d bytes: %s", ins, p1, length, answer));
        }
    }

    private static boolean isComplete(byte ins, int p1, byte[] data) {
        switch (ins) {
            case Wire.INS_STORE_DATA, Wire.INS_ACTIVATE, Wire.INS_VERIFY_PIN, Wire.INS_CHANGE_PIN:
                return data.length == 0;
            case Wire.INS_CONFIRM_SESSION:
                return data.length == Wire.CONFIRM_SESSION_RES_LENGTH;
            case Wire.INS_GENERATE_KEYS:
                return data.length == Wire.GENERATE_KEYS_RES_LENGTH;
            case Wire.INS_DEBIT, Wire.INS_CANCEL_LAST:
                return data.length == Wire.DEBIT_RES_LENGTH || signatureEnds(data, Wire.DEBIT_RES_S3);
            case Wire.INS_INIT_LOAD:
                return signatureEnds(data, Wire.INIT_LOAD_RES_SIGNATURE);
            case Wire.INS_CREDIT:
                return data.length == Wire.CREDIT_RES_LENGTH || signatureEnds(data, Wire.CREDIT_RES_S3);
            case Wire.INS_CANCEL_LOAD:
                return signatureEnds(data, 1 + Wire.STATEMENT_LENGTH) || signatureEnds(data, 1 + Wire.RECORD_LENGTH);
            case Wire.INS_PUT_ORDER:
                return isOrderComplete(p1, data);
            case Wire.INS_GET_PROOF:
                return signatureEnds(data, proofLength(p1));
            case Wire.INS_READ_LOG:
                return isLogComplete(p1, data);
            default:
                return true;
        }
    }

    private static boolean isOrderComplete(int type, byte[] data) {
        switch (type) {
            case Wire.ORDER_TYPE_BLOCK:
                return signatureEnds(data, Wire.BLOCK_STATEMENT_LENGTH);
            case Wire.ORDER_TYPE_RETIRE:
                return signatureEnds(data, Wire.STATEMENT_LENGTH);
            default:
                return data.length == 0;
        }
    }

    private static int proofLength(int kind) {
        switch (kind) {
            case Wire.PROOF_RECORD:
                return Wire.RECORD_LENGTH;
            case Wire.PROOF_BLOCK:
                return Wire.BLOCK_STATEMENT_LENGTH;
            default:
                return Wire.STATEMENT_LENGTH;
        }
    }

    private static boolean isLogComplete(int view, byte[] data) {
        switch (view) {
            case Wire.LOG_VIEW_RECORDS:
                return data.length % Wire.RECORD_LENGTH == 0;
            case Wire.LOG_VIEW_TOTALS:
                return data.length == Wire.TOTALS_LENGTH;
            default:
                return true;
        }
    }

    private static boolean signatureEnds(byte[] data, int at) {
        return data.length > at + 2 && data[at] == 0x30 && at + 2 + data[at + 1] == data.length;
    }
}
