"""The purse's own secure messaging (docs/protocol.md section 4), written a second time."""
from common import case, cmac, pattern
from symmetric import ctr

ENC, MAC, CHAIN = pattern(16, 0x10), pattern(16, 0x20), pattern(16, 0x30)


def encrypt(chain, data):
    return ctr(ENC, chain[:15] + b"\0", data)


def command(chain, ins, p1, p2, data):
    header = bytes([0x84, ins, p1, p2, len(data) + 8])
    text = encrypt(chain, data)
    mac = cmac(MAC, chain + b"\x43" + header + text)
    return header + text + mac[:8] + b"\0", mac


def answer(chain, data, status):
    text = encrypt(chain, data + status)
    mac = cmac(MAC, chain + b"\x52" + text)
    return text + mac[:8] + b"\x90\x00", mac


def tests():
    chain = CHAIN
    steps = (
        ("CONFIRM SESSION", 0x82, 0, 0, b"\x01", pattern(61), "9000"),
        ("DEBIT", 0x54, 0, 0, pattern(13), pattern(83), "9000"),
        ("DEBIT refused: reason and status word", 0x54, 0, 0, pattern(13), b"\x0e", "6985"),
        ("no data either way", 0x46, 0, 0, b"", b"", "9000"),
        ("the longest command and answer", 0xE2, 1, 0, pattern(239), pattern(237), "9000"),
    )
    for comment, ins, p1, p2, data, result, status in steps:
        sent, after_command = command(chain, ins, p1, p2, data)
        received, after_answer = answer(after_command, result, bytes.fromhex(status))
        yield case(
            comment, ["Chained"], enc=ENC, mac=MAC, chain=chain, header=bytes([0x84, ins, p1, p2]), data=data, command=sent,
            chainAfterCommand=after_command, answerData=result, status=status, answer=received, chainAfterAnswer=after_answer,
        )
        chain = after_answer
    yield from resumed()


def resumed():
    """The first chaining value of a resumed session, and the answer of OPEN under it."""
    terminal, nonce_t, pair, nonce_c = pattern(8, 0x50), pattern(16, 0x60), pattern(8, 0x70), pattern(16, 0x80)
    transcript = b"EPS1" + bytes.fromhex("80500100") + terminal + nonce_t + b"\x01" + pair + nonce_c
    chain = cmac(MAC, transcript)
    received, after = answer(chain, pattern(53), b"\x90\x00")
    yield case(
        "OPEN SESSION resumed: data is EPS1 and what it covers, chain is its CMAC", ["Resumed"], enc=ENC, mac=MAC, chain=chain,
        header=bytes.fromhex("80500100"), data=transcript, command=b"", chainAfterCommand=chain, answerData=pattern(53), status="9000",
        answer=received, chainAfterAnswer=after,
    )


def files():
    yield (
        "secure-messaging", "EPURSE-SECURE-MESSAGING",
        ["generated: a second implementation of docs/protocol.md section 4 on pyca/cryptography"],
        {"Chained": "each test begins with the chaining value the one before ended with", "Resumed": "chaining value of a resumed session; no command"},
        list(tests()),
    )
