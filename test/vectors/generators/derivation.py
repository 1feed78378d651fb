"""X9.63 KDF, SP 800-108 in counter mode with CMAC, and its use in SCP03."""
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFCMAC, CounterLocation, Mode
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF

from common import case, pattern, published

CAVP_X963 = [
    ("96c05619d56c328ab95fe84b18264b08725b85e33fd34f08", "", "443024c3dae66b95e6f5670601558f71"),
    ("96f600b73ad6ac5629577eced51743dd2c24c21b1ac83ee4", "", "b6295162a7804f5667ba9070f82fa522"),
]
# CAVS 14.4, PRF CMAC_AES128, counter of 8 bits before the fixed input data
CAVP_108 = [
    (
        "dff1e50ac0b69dc40f1051d46c2b069c",
        "c16e6e02c5a3dcc8d78b9ac1306877761310455b4e41469951d9e6c2245a064b33fd8c3b01203a7824485bf0a64060c4648b707d2607935699316ea5",
        "8be8f0869b3c0ba97b71863d1b9f7813",
    ),
    (
        "682e814d872397eba71170a693514904",
        "e323cdfa7873a0d72cd86ffb4468744f097db60498f7d0e3a43bafd2d1af675e4a88338723b1236199705357c47bf1d89b2f4617a340980e6331625c",
        "dac9b6ca405749cfb065a0f1e42c7c4224d3d5db32fdafe9dee6ca193316f2c7",
    ),
    (
        "7aa9973481d560f3be217ac3341144d8",
        "46f88b5af7fb9e29262dd4e010143a0a9c465c627450ec74ab7251889529193e995c4b56ff55bc2fc8992a0df1ee8056f6816b7614fba4c12d3be1a5",
        "1746ae4f09903f74bfbe1b8ae2b79d74576a3b09",
    ),
]
# GlobalPlatform Card Specification v2.3 Amendment D v1.2, table 4-1: derivation constants
SCP03 = {"cardCryptogram": (0x00, 8), "hostCryptogram": (0x01, 8), "S-ENC": (0x04, 16), "S-MAC": (0x06, 16), "S-RMAC": (0x07, 16)}


def x963(secret, info, length):
    return X963KDF(algorithm=hashes.SHA256(), length=length, sharedinfo=info or None).derive(secret)


def kbkdf(key, fixed, length):
    return KBKDFCMAC(
        algorithm=algorithms.AES, mode=Mode.CounterMode, length=length, rlen=1, llen=None,
        location=CounterLocation.BeforeFixed, label=None, context=None, fixed=fixed,
    ).derive(key)


def scp03(key, constant, length, context):
    """Amendment D section 4.1.5: label of 11 zero bytes and the constant, 00, L in bits, then the counter, then the context."""
    label = bytes(11) + bytes([constant])
    before = label + b"\0" + (8 * length).to_bytes(2, "big")
    return KBKDFCMAC(
        algorithm=algorithms.AES, mode=Mode.CounterMode, length=length, rlen=1, llen=None,
        location=CounterLocation.MiddleFixed, label=None, context=None, fixed=before + context, break_location=len(before),
    ).derive(key)


def x963_tests():
    for secret, info, key in CAVP_X963:
        z, shared = bytes.fromhex(secret), bytes.fromhex(info)
        derived = published("CAVP X9.63", x963(z, shared, len(key) // 2), key)
        yield case("CAVP ansx963_2001, SHA-256", ["Cavp"], z=z, sharedInfo=shared, length=len(derived), okm=derived)
    for length in (1, 16, 31, 32, 33, 64, 65, 128):
        z, shared = pattern(32, 0x80), b"EPK1" + pattern(116)
        yield case(f"SharedInfo of a purse session's length, {length} bytes out", ["PurseLength"], z=z, sharedInfo=shared, length=length, okm=x963(z, shared, length))
    yield case("secret with leading zero bytes", ["LeadingZero"], z=bytes(4) + pattern(28, 1), sharedInfo=b"", length=64, okm=x963(bytes(4) + pattern(28, 1), b"", 64))


def kbkdf_tests():
    for key, fixed, out in CAVP_108:
        ki, data = bytes.fromhex(key), bytes.fromhex(fixed)
        yield case("CAVS 14.4, CMAC_AES128, 8-bit counter before", ["Cavp"], key=ki, fixedInput=data, length=len(out) // 2, okm=published("CAVP 800-108", kbkdf(ki, data, len(out) // 2), out))
    for length in (16, 32, 48):
        yield case(f"{length} bytes out", ["Generated"], key=pattern(16), fixedInput=pattern(40, 0x20), length=length, okm=kbkdf(pattern(16), pattern(40, 0x20), length))


def scp03_tests():
    static, host, card = pattern(16, 0x40), pattern(8, 0xA0), pattern(8, 0xB0)
    for name, (constant, length) in SCP03.items():
        yield case(name, ["Generated"], key=static, constant=bytes([constant]), context=host + card, length=length, okm=scp03(static, constant, length, host + card))


def files():
    yield (
        "x963-kdf-sha256", "X9.63-KDF-SHA-256",
        ["NIST CAVP, ansx963_2001.rsp (SEC 1 v2 section 3.6.1)", "generated: pyca/cryptography"],
        {"Cavp": "published", "PurseLength": "as the purse uses it", "LeadingZero": "the secret keeps its leading zeros"},
        list(x963_tests()),
    )
    yield (
        "sp800-108-cmac-counter", "SP800-108-CTR-CMAC-AES-128",
        ["NIST CAVP, CAVS 14.4 SP800-108 KDF, counter mode", "generated: pyca/cryptography"],
        {"Cavp": "published", "Generated": "computed by the generator only"},
        list(kbkdf_tests()),
    )
    yield (
        "scp03-derivation", "SCP03-KDF-AES-128",
        ["generated: pyca/cryptography, after GlobalPlatform Amendment D v1.2 section 4.1.5 (no values are published there)"],
        {"Generated": "computed by the generator only"},
        list(scp03_tests()),
    )
