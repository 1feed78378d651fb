"""ECDH and ECDSA on P-256, with what a verifier must refuse."""
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from common import case, published

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

# RFC 6979 appendix A.2.5
RFC_6979_KEY = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
RFC_6979 = {
    b"sample": "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
    b"test": "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
}
# NIST CAVP, KAS_ECC_CDH_PrimitiveTest, P-256, count 0
CAVP_ECDH = (
    0x7D7DC5F71EB29DDAF80D6214632EEAE03D9058AF1FB6D22ED80BADB62BC1A534,
    "700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac",
    "46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b",
)


def private(number):
    return ec.derive_private_key(number, ec.SECP256R1())


def scalar(label):
    """A private key that is the same in every run."""
    return int.from_bytes(hashlib.sha256(label.encode()).digest(), "big") % (N - 1) + 1


def xy(x, y):
    return x.to_bytes(32, "big") + y.to_bytes(32, "big")


def point(key):
    numbers = key.public_key().public_numbers()
    return xy(numbers.x, numbers.y)


def agree(number, public):
    peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + public)
    return private(number).exchange(ec.ECDH(), peer)


def refused(public):
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + public)
    except ValueError:
        return public
    raise SystemExit(f"{public.hex()} is a point")


def ecdh_tests():
    number, public, shared = CAVP_ECDH
    peer = bytes.fromhex(public)
    secret = number.to_bytes(32, "big")
    yield case("CAVP KAS_ECC_CDH_PrimitiveTest P-256 count 0", ["Cavp"], private=secret, public=peer, shared=published("CAVP ECDH", agree(number, peer), shared))
    for label in ("one", "two"):
        mine, yours = scalar(f"mine {label}"), point(private(scalar(f"yours {label}")))
        yield case(f"pair {label}", ["Generated"], private=mine.to_bytes(32, "big"), public=yours, shared=agree(mine, yours))
    zeros = next(i for i in range(10_000) if agree(number, point(private(scalar(f"zero {i}"))))[0] == 0)
    yours = point(private(scalar(f"zero {zeros}")))
    yield case("shared secret begins with a zero byte", ["LeadingZero"], private=secret, public=yours, shared=agree(number, yours))
    root = pow(B, (P + 1) // 4, P)
    yield case("point with x = 0", ["EdgePoint"], private=secret, public=xy(0, root), shared=agree(number, xy(0, root)))
    x, y = int.from_bytes(peer[:32], "big"), int.from_bytes(peer[32:], "big")
    for comment, flag, wrong in (
        ("y + 1: not on the curve", "OffCurve", xy(x, (y + 1) % P)),
        ("x and y swapped", "OffCurve", xy(y, x)),
        ("last bit of y flipped", "OffCurve", xy(x, y ^ 1)),
        ("zero point", "OffCurve", bytes(64)),
        ("point of another curve: secp256k1's generator", "OffCurve", bytes.fromhex("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8")),
        ("x = p, which is 0", "NotReduced", xy(P, root)),
        ("all bytes FF", "NotReduced", b"\xff" * 64),
    ):
        yield case(comment, [flag], "invalid", private=secret, public=refused(wrong), shared=b"")


def integer(value):
    """DER INTEGER of a number that is not negative."""
    content = value.to_bytes(value.bit_length() // 8 + 1, "big")
    return b"\x02" + bytes([len(content)]) + content


def sequence(*parts):
    content = b"".join(parts)
    return b"\x30" + bytes([len(content)]) + content


def verifies(key, message, signature):
    try:
        key.public_key().verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def sign(key, message):
    return key.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def ecdsa_tests():
    key = private(RFC_6979_KEY)
    for message, rs in RFC_6979.items():
        r, s = decode_dss_signature(sign(key, message))
        published("RFC 6979", xy(r, s), rs)
        for value, half in ((s, "as published"), (N - s, "s replaced by n - s")):
            flag = "HighS" if value > N // 2 else "LowS"
            yield ecdsa(key, message, encode_dss_signature(r, value), f'RFC 6979 A.2.5 "{message.decode()}", {half}', ["Rfc6979", flag])
    for length in (0, 1, 55, 56, 64, 171, 255):
        message = bytes(range(length))
        yield ecdsa(key, message, sign(key, message), f"message of {length} bytes", ["MessageLength"])
    yield from wrong_signatures(key)


def wrong_signatures(key):
    message = b"sample"
    signature = sign(key, message)
    r, s = decode_dss_signature(signature)
    other = private(scalar("other"))
    r_content, s_content = integer(r)[2:], integer(s)[2:]
    for comment, flag, wrong in (
        ("r = 0", "Range", sequence(integer(0), integer(s))),
        ("s = 0", "Range", sequence(integer(r), integer(0))),
        ("r = s = 0", "Range", sequence(integer(0), integer(0))),
        ("r = n", "Range", sequence(integer(N), integer(s))),
        ("s = n", "Range", sequence(integer(r), integer(N))),
        ("r + n", "Range", sequence(integer(r + N), integer(s))),
        ("s + n", "Range", sequence(integer(r), integer(s + N))),
        ("r and s swapped", "Wrong", sequence(integer(s), integer(r))),
        ("signature of another message", "Wrong", sign(key, b"test")),
        ("signature of another key", "Wrong", sign(other, message)),
        ("r negative: leading zero byte left out", "Der", sequence(b"\x02\x20" + r_content[1:], integer(s))),
        ("s with a leading zero byte too many", "Der", sequence(integer(r), b"\x02" + bytes([len(s_content) + 1]) + b"\0" + s_content)),
        ("length of the sequence in long form", "Der", b"\x30\x81" + signature[1:]),
        ("indefinite length", "Der", b"\x30\x80" + signature[2:] + b"\0\0"),
        ("a byte behind", "Der", signature + b"\0"),
        ("a byte behind, inside the sequence", "Der", sequence(integer(r), integer(s), b"\0")),
        ("last byte missing", "Der", signature[:-1]),
        ("s missing", "Der", sequence(integer(r))),
        ("wrong tag of the sequence", "Der", b"\x31" + signature[1:]),
        ("empty sequence", "Der", b"\x30\0"),
        ("empty", "Der", b""),
        ("r || s without DER", "Der", xy(r, s)),
    ):
        if verifies(key, message, wrong):
            raise SystemExit(f"{comment}: verifies")
        yield case(comment, [flag], "invalid", public=point(key), msg=message, sig=wrong)


def ecdsa(key, message, signature, comment, flags):
    if not verifies(key, message, signature):
        raise SystemExit(f"{comment}: does not verify")
    return case(comment, flags, public=point(key), msg=message, sig=signature)


def files():
    yield (
        "ecdh-p256", "ECDH-P-256",
        ["NIST CAVP, SP 800-56A ECC CDH primitive", "generated: pyca/cryptography"],
        {
            "Cavp": "published", "Generated": "computed by the generator only", "LeadingZero": "the shared secret keeps its leading zero",
            "EdgePoint": "a right point that is rare", "OffCurve": "not a point of P-256: must be refused before any multiplication",
            "NotReduced": "a coordinate not below p: must be refused",
        },
        list(ecdh_tests()),
    )
    yield (
        "ecdsa-p256-sha256", "ECDSA-P-256-SHA-256",
        ["RFC 6979 appendix A.2.5", "generated: pyca/cryptography"],
        {
            "Rfc6979": "published", "LowS": "s at most n/2", "HighS": "s above n/2: right too, cards do not normalise",
            "MessageLength": "lengths around the hash's blocks and the purse's messages", "Range": "r or s not in 1..n-1",
            "Wrong": "well-formed and not this message's", "Der": "not DER: strict parsers refuse it, lenient ones (a card's) may read some",
        },
        list(ecdsa_tests()),
    )
