package epurse;

import javacard.framework.APDU;
import javacard.framework.APDUException;
import javacard.framework.Applet;
import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.security.CryptoException;

/**
 * An electronic purse after EN 1546 for Java Card 3.0.4. This class takes commands in and sends them where they belong;
 * {@link Purse} is what there is, the handlers are what it does.
 *
 * <p>Every handler goes in the same order: state and role (Guard), P1-P2, length, authorisation, act, answer.
 */
public final class PurseApplet extends Applet {

    /** Bits of the class byte that hold a logical channel (ISO 7816-4 section 5.4.1). */
    private static final byte CHANNEL = 0x03;

    private final Session session;
    private final Refusal refusal;
    private final SecureMessaging messaging;
    private final byte[] answer;
    private final Guard guard;
    private final Selection selection;
    private final Handshake handshake;
    private final PinCommands pins;
    private final Personalization personalization;
    private final Payments payments;
    private final Loads loads;
    private final LogCommands logs;
    private final Orders orders;

    private PurseApplet(byte[] parameters, short offset) {
        Purse purse = new Purse(parameters, offset);
        session = purse.session;
        refusal = purse.refusal;
        messaging = purse.messaging;
        answer = purse.answer;
        Proofs proofs = new Proofs(purse);
        Dates dates = new Dates(purse);
        Synchronization synchronization = new Synchronization(purse);
        LoadRegister register = new LoadRegister(purse.memory);
        guard = new Guard(purse);
        selection = new Selection(purse);
        handshake = new Handshake(purse);
        pins = new PinCommands(purse);
        personalization = new Personalization(purse, pins);
        payments = new Payments(purse, proofs, dates);
        loads = new Loads(purse, proofs, dates, synchronization, register);
        logs = new LogCommands(purse, proofs);
        orders = new Orders(purse, proofs, synchronization, register, pins);
    }

    /**
     * Installs a raw card.
     *
     * @param array instance AID, control information and installParameters, each behind its length (Applet.install, Java Card 3.0.4)
     */
    public static void install(byte[] array, short offset, byte length) {
        byte aidLength = array[offset];
        short aid = (short) (offset + 1);
        short control = (short) (aid + aidLength);
        short parameters = (short) (control + 1 + array[control]);
        if (array[parameters] != Wire.INSTALL_PARAMETERS_LENGTH) {
            ISOException.throwIt(Wire.SW_WRONG_LENGTH);
        }
        PurseApplet applet = new PurseApplet(array, (short) (parameters + 1));
        if (aidLength == 0) {
            applet.register();
        } else {
            applet.register(array, aid, aidLength);
        }
    }

    @Override
    public boolean select() {
        endSession();
        return true;
    }

    @Override
    public void deselect() {
        endSession();
    }

    private void endSession() {
        session.end();
        handshake.forgetKeys();
    }

    @Override
    public void process(APDU apdu) {
        short length;
        refusal.clear();
        try {
            length = answer(apdu, apdu.getBuffer());
        } catch (ISOException refused) {
            endSession();
            throw refused;
        } catch (APDUException lostLink) {
            endSession();
            throw lostLink;
        } catch (CryptoException badPointOrKey) {
            endSession();
            ISOException.throwIt(Wire.SW_INCORRECT_DATA);
            return;
        } catch (RuntimeException failed) {
            endSession();
            ISOException.throwIt(Wire.SW_MEMORY_FAILURE);
            return;
        }
        apdu.setOutgoingAndSend((short) 0, length);
    }

    /** Puts the answer into the APDU buffer and returns its length. Whatever is thrown here is answered in clear, and ends the session. */
    private short answer(APDU apdu, byte[] buffer) {
        if (selectingApplet()) {
            return selection.answer(buffer);
        }
        switch (buffer[ISO7816.OFFSET_CLA]) {
            case Wire.CLA_PROTECTED:
                return protectedCommand(apdu, buffer);
            case Wire.CLA_PLAIN:
                return plainCommand(apdu, buffer);
            default:
                refuseClass(buffer[ISO7816.OFFSET_CLA]);
                return 0;
        }
    }

    /** The runtime handles SELECT, so class 00 has nothing left for the purse. */
    private static void refuseClass(byte cla) {
        if (cla == Wire.CLA_INTERINDUSTRY) {
            ISOException.throwIt(Wire.SW_INS_NOT_SUPPORTED);
        }
        byte base = (byte) (cla & ~CHANNEL);
        boolean otherChannel = base == Wire.CLA_INTERINDUSTRY || base == Wire.CLA_PLAIN || base == Wire.CLA_PROTECTED;
        ISOException.throwIt(otherChannel ? Wire.SW_CHANNEL_NOT_SUPPORTED : Wire.SW_CLA_NOT_SUPPORTED);
    }

    /** In clear only the commands that open a session; whatever comes in clear ends the session there is. */
    private short plainCommand(APDU apdu, byte[] buffer) {
        byte instruction = buffer[ISO7816.OFFSET_INS];
        boolean answersNonce = session.state() == Session.PRESENTED && instruction == Wire.INS_OPEN_SESSION_FULL
            && buffer[ISO7816.OFFSET_P1] == Wire.OPEN_FORM_FULL;
        if (!answersNonce) {
            endSession();
        }
        if (instruction != Wire.INS_PRESENT_CERTIFICATE && instruction != Wire.INS_OPEN_SESSION_FULL) {
            ISOException.throwIt(Guard.isProtected(instruction) ? Wire.SW_SM_MISSING : Wire.SW_INS_NOT_SUPPORTED);
        }
        return open(instruction, buffer, receive(apdu, buffer));
    }

    private short open(byte instruction, byte[] buffer, short length) {
        if (instruction == Wire.INS_PRESENT_CERTIFICATE) {
            return handshake.presentCertificate(buffer, length);
        }
        switch (buffer[ISO7816.OFFSET_P1]) {
            case Wire.OPEN_FORM_FULL:
                return handshake.openFull(buffer, length);
            case Wire.OPEN_FORM_RESUMED:
                return handshake.openResumed(buffer, length);
            default:
                ISOException.throwIt(Wire.SW_WRONG_P1_P2);
                return 0;
        }
    }

    /** A command of a session: once it is unwrapped, every refusal goes out encrypted and MACed, under 9000. */
    private short protectedCommand(APDU apdu, byte[] buffer) {
        byte instruction = buffer[ISO7816.OFFSET_INS];
        Require.that(session.hasKeys(), Wire.SW_SECURITY_STATUS);
        short length = messaging.unwrap(buffer, receive(apdu, buffer));
        Require.that(length >= 0, Wire.SW_SM_INCORRECT);
        Require.that(session.state() != Session.AGREED || instruction == Wire.INS_CONFIRM_SESSION, Wire.SW_CONDITIONS);
        short statusWord = Wire.SW_OK;
        try {
            length = command(buffer, length);
        } catch (ISOException refused) {
            statusWord = refused.getReason();
            length = rollBack();
        } catch (CryptoException badPointOrKey) {
            statusWord = Wire.SW_INCORRECT_DATA;
            length = rollBack();
        } catch (RuntimeException failed) {
            statusWord = Wire.SW_MEMORY_FAILURE;
            length = rollBack();
        }
        forgetServedPin(instruction);
        length = messaging.wrap(answer, length, statusWord, buffer, (short) 0);
        if (session.isEnding()) {
            endSession();
            selection.eraseTransportKeys();
        }
        return length;
    }

    /** One PIN, one transaction: an attempt to debit or to load, done or refused, uses the PIN up. */
    private void forgetServedPin(byte instruction) {
        if (instruction == Wire.INS_DEBIT || instruction == Wire.INS_INIT_LOAD) {
            session.setPinVerified(false);
        }
    }

    /** Undoes a transaction that a failure has cut short, and answers with the reason alone, where there is one. */
    private short rollBack() {
        if (JCSystem.getTransactionDepth() != 0) {
            JCSystem.abortTransaction();
        }
        answer[0] = refusal.reason();
        return (short) (refusal.reason() == Wire.REASON_NONE ? 0 : 1);
    }

    /** Takes the command data in, however the link cuts it, and returns their length. */
    private static short receive(APDU apdu, byte[] buffer) {
        short received = apdu.setIncomingAndReceive();
        if (apdu.getOffsetCdata() != ISO7816.OFFSET_CDATA) {
            ISOException.throwIt(Wire.SW_WRONG_LENGTH);
        }
        short length = apdu.getIncomingLength();
        while (received < length) {
            received = (short) (received + apdu.receiveBytes((short) (ISO7816.OFFSET_CDATA + received)));
        }
        return length;
    }

    private short command(byte[] buffer, short length) {
        byte instruction = buffer[ISO7816.OFFSET_INS];
        guard.check(instruction);
        switch (instruction) {
            case Wire.INS_CONFIRM_SESSION:
                return handshake.confirm(buffer, length);
            case Wire.INS_GENERATE_KEYS:
                return personalization.generateKeys(buffer, length);
            case Wire.INS_STORE_DATA:
                return personalization.storeData(buffer, length);
            case Wire.INS_ACTIVATE:
                return personalization.activate(buffer, length);
            case Wire.INS_VERIFY_PIN:
                return pins.verify(buffer, length);
            case Wire.INS_CHANGE_PIN:
                return pins.change(buffer, length);
            case Wire.INS_DEBIT:
                return payments.debit(buffer, length);
            case Wire.INS_CANCEL_LAST:
                return payments.cancelLast(buffer, length);
            case Wire.INS_INIT_LOAD:
                return loads.initLoad(buffer, length);
            case Wire.INS_CREDIT:
                return loads.credit(buffer, length);
            case Wire.INS_CANCEL_LOAD:
                return loads.cancelLoad(buffer, length);
            case Wire.INS_GET_PROOF:
                return logs.getProof(buffer, length);
            case Wire.INS_READ_LOG:
                return logs.readLog(buffer, length);
            case Wire.INS_PUT_ORDER:
                return orders.putOrder(buffer, length);
            default:
                ISOException.throwIt(Wire.SW_INS_NOT_SUPPORTED);
                return 0;
        }
    }
}
