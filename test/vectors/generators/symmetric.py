"""AES-CMAC and AES-CTR."""
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from common import case, cmac, pattern, published

KEY = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
TEXT = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)
RFC_4493 = [
    (0, "bb1d6929e95937287fa37d129b756746"),
    (16, "070a16b46b4d4144f79bdd9dd04a287c"),
    (40, "dfa66747de9ae63030ca32611497c827"),
    (64, "51f0bebf7e3b9d92fc49741779363cfe"),
]
CTR_START = bytes.fromhex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
CTR_TEXT = (
    "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
    "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee"
)


def ctr(key, start, data):
    encryptor = Cipher(algorithms.AES(key), modes.CTR(start)).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def cmac_tests():
    for length, tag in RFC_4493:
        message = TEXT[:length]
        yield case(f"RFC 4493 section 4, {length} bytes", ["Rfc4493"], key=KEY, msg=message, tag=published("RFC 4493", cmac(KEY, message), tag))
    for length in (1, 15, 17, 31, 32, 33, 255):
        message = pattern(length)
        yield case(f"{length} bytes", ["BlockEdge"], key=pattern(16, 0x40), msg=message, tag=cmac(pattern(16, 0x40), message))
    right = cmac(KEY, TEXT[:40])
    yield case("first bit of the tag wrong", ["WrongTag"], "invalid", key=KEY, msg=TEXT[:40], tag=bytes([right[0] ^ 0x80]) + right[1:])
    yield case("last bit of the tag wrong", ["WrongTag"], "invalid", key=KEY, msg=TEXT[:40], tag=right[:-1] + bytes([right[-1] ^ 1]))
    yield case("tag of the message with a zero byte more", ["WrongTag"], "invalid", key=KEY, msg=TEXT[:40], tag=cmac(KEY, TEXT[:40] + b"\0"))


def ctr_tests():
    whole = published("SP 800-38A", ctr(KEY, CTR_START, TEXT), CTR_TEXT)
    yield case("SP 800-38A F.5.1, four blocks", ["Sp80038a"], key=KEY, iv=CTR_START, msg=TEXT, ct=whole)
    for length in (1, 15, 16, 17):
        yield case(f"SP 800-38A F.5.1, its first {length} bytes", ["Sp80038a"], key=KEY, iv=CTR_START, msg=TEXT[:length], ct=whole[:length])
    chain = cmac(KEY, b"chain")[:15] + b"\0"
    for length in (0, 7, 53, 239, 256):
        message = pattern(length)
        yield case(f"last counter byte 00, {length} bytes", ["LastByteZero"], key=KEY, iv=chain, msg=message, ct=ctr(KEY, chain, message))


def files():
    yield (
        "aes-cmac",
        "AES-CMAC",
        ["RFC 4493 section 4 (the same as NIST SP 800-38B appendix D.1)", "generated: pyca/cryptography"],
        {"Rfc4493": "published", "BlockEdge": "lengths around a block", "WrongTag": "must not verify"},
        list(cmac_tests()),
    )
    yield (
        "aes-ctr",
        "AES-CTR",
        ["NIST SP 800-38A appendix F.5.1", "generated: pyca/cryptography"],
        {"Sp80038a": "published", "LastByteZero": "first counter block as in the purse's secure messaging: last byte 00"},
        list(ctr_tests()),
    )
