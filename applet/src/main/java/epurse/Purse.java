package epurse;

import javacard.framework.JCSystem;
import javacard.framework.OwnerPIN;
import javacard.framework.Util;
import javacard.security.MessageDigest;
import javacard.security.RandomData;

/**
 * Everything the card is made of, allocated once at install: what persists, what lives for a session, the engines, and two working
 * places in RAM. The commands take from here what they need.
 */
final class Purse {

    /** Longest thing put together to be signed, hashed or derived from: the input of the key derivation. */
    private static final short WORK_LENGTH = 160;

    private static final short ANSWER_LENGTH = Wire.PROTECTED_ANSWER_MAX + 2;

    private static final byte OPTION_BUILD_CMAC = 0x01;

    final OwnerPIN pin = new OwnerPIN((byte) Wire.PIN_TRIES, (byte) Wire.PIN_BLOCK_LENGTH);
    final CardData card = new CardData();
    final PurseMemory memory = new PurseMemory();
    final LifeCycle lifeCycle = new LifeCycle(pin, memory, card);
    final Parameters parameters = new Parameters();
    final PublicKeys publicKeys = new PublicKeys();
    final CardKeys cardKeys = new CardKeys();
    final CardCertificate certificate = new CardCertificate();
    final PairSlots pairs = new PairSlots();
    final KeptCancelOrders cancelOrders = new KeptCancelOrders();

    final MessageDigest sha256 = MessageDigest.getInstance(MessageDigest.ALG_SHA_256, false);
    final RandomData random = RandomData.getInstance(RandomData.ALG_SECURE_RANDOM);
    final TransactionLog log = new TransactionLog(memory, sha256);

    final Session session = new Session();
    final Refusal refusal = new Refusal(session);
    final Certificates certificates = new Certificates();
    final SecureMessaging messaging;

    /** For what is signed, hashed or derived from. Never holds anything from one command to the next. */
    final byte[] work = JCSystem.makeTransientByteArray(WORK_LENGTH, JCSystem.CLEAR_ON_DESELECT);

    /** For the answer, before it is wrapped into the APDU buffer. */
    final byte[] answer = JCSystem.makeTransientByteArray(ANSWER_LENGTH, JCSystem.CLEAR_ON_DESELECT);

    /** @param parameters array and offset of installParameters */
    Purse(byte[] parameters, short offset) {
        Util.arrayCopy(parameters, (short) (offset + Wire.INSTALL_PARAMETERS_SERIAL), card.data, CardData.SERIAL, CardData.SERIAL_LENGTH);
        cardKeys.transportEncryption.setKey(parameters, (short) (offset + Wire.INSTALL_PARAMETERS_TRANSPORT_ENC));
        cardKeys.transportMac.setKey(parameters, (short) (offset + Wire.INSTALL_PARAMETERS_TRANSPORT_MAC));
        byte options = parameters[(short) (offset + Wire.INSTALL_PARAMETERS_OPTIONS)];
        boolean buildCmac = (byte) (options & OPTION_BUILD_CMAC) != 0;
        messaging = new SecureMessaging(buildCmac);
    }
}
