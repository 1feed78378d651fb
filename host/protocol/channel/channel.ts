/** The one boundary to whatever holds the card: bytes in, bytes out. Everything else is a decorator on top of it. */
export interface CardChannel {
  /**
   * Sends one short command APDU and gives data and status word (ISO 7816-4 section 5.1). Throws when no answer comes;
   * whether the card acted on the command is then unknown.
   */
  transmit(apdu: Uint8Array): Promise<Uint8Array>;
}
