"""Signatures and points at the edges, under the names of the classes that the public Wycheproof tests have; the values are our own.

Keys and signatures follow from chosen values (nonce k, s, u1, u2, or the point R itself), and OpenSSL has to agree with every verdict.
"""
import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec

from common import case
from elliptic import B, N, P, agree, integer, point, private, refused, scalar, sequence, sign, verifies, xy

G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296, 0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
MESSAGE = b"an edge"


def digest(message):
    return int.from_bytes(hashlib.sha256(message).digest(), "big")


def add(a, b):
    """On P-256, or on whatever curve both are on; None is the point at infinity."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % P == 0:
        return None
    slope = (3 * a[0] ** 2 - 3) * pow(2 * a[1], -1, P) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope**2 - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(factor, of):
    total = None
    for bit in bin(factor % N)[2:]:
        total = add(total, total)
        if bit == "1":
            total = add(total, of)
    return total


def with_x(x):
    """The point with this x and an even y, if there is one."""
    square = (x**3 - 3 * x + B) % P
    y = pow(square, (P + 1) // 4, P)
    return (x, y if y % 2 == 0 else P - y) if y * y % P == square else None


def recovered(peak, s, message=MESSAGE, r=None):
    """The public key under which (r, s) holds, for R = peak: Q = (s R - z G) / r."""
    r = peak[0] % N if r is None else r
    return times(pow(r, -1, N), add(times(s, peak), times(N - digest(message) % N, G)))


def der(r, s):
    return sequence(signed(r), signed(s))


def signed(value):
    """DER INTEGER, also of a negative number."""
    content = value.to_bytes((value + (value < 0)).bit_length() // 8 + 1, "big", signed=True)
    return b"\x02" + bytes([len(content)]) + content


def judged(comment, flags, public, signature, valid, message=MESSAGE):
    """A case on whose verdict OpenSSL agrees."""
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + public)
    holder = type("Holder", (), {"public_key": lambda self: key})()
    if verifies(holder, message, signature) != valid:
        raise SystemExit(f"{comment}: OpenSSL thinks otherwise")
    return case(comment, flags, "valid" if valid else "invalid", public=public, msg=message, sig=signature)


def right(comment, flag, peak, s, r=None):
    r = peak[0] % N if r is None else r
    return judged(comment, [flag], xy(*recovered(peak, s, r=r)), der(r, s), True)


def right_signatures():
    z, peak = digest(MESSAGE), times(scalar("edge"), G)
    for name, s in (("1", 1), ("2", 2), ("3", 3), ("n - 1", N - 1), ("n - 2", N - 2)):
        yield right(f"s = {name}", "ModularInverse", peak, s)
    for name, s in (("2^128", 2**128), ("2^255", 2**255), ("(n + 1) / 2", (N + 1) // 2), ("(n - 1) / 2", (N - 1) // 2), ("n - 2^128", N - 2**128)):
        yield right(f"s = {name}: the inverse in its extremes", "ModularInverse", peak, s)
    for name, u1 in (("1", 1), ("2", 2), ("n - 1", N - 1), ("2^128", 2**128), ("2^224 - 1", 2**224 - 1)):
        yield right(f"u1 = {name}", "ArithmeticError", peak, z * pow(u1, -1, N) % N)
    for name, u2 in (("1", 1), ("2", 2), ("n - 1", N - 1), ("2^128", 2**128), ("2^224 - 1", 2**224 - 1)):
        yield right(f"u2 = {name}", "ArithmeticError", peak, peak[0] * pow(u2, -1, N) % N)
    small = next(found for found in map(with_x, range(1, 100)) if found)
    for s in (1, small[0], 5, 255, 256):
        yield right(f"r = {small[0]} and s = {s}", "SmallRandS", small, s)
    large = next(found for found in map(with_x, range(N + 1, P)) if found)
    yield right("R with an x above n: r is what is left of it", "RangeCheck", large, scalar("large"))
    for k, name in ((1, "R = G"), (2, "R = 2G"), (N - 1, "R = -G")):
        yield right(name, "PointDuplication", times(k, G), scalar(name))
    for u1 in (scalar("twice"), 1):
        twice = times(2 * u1, G)
        s = z * pow(u1, -1, N) % N
        yield right(f"u1 G = u2 Q, u1 = {hex(u1)[:6]}…: the sum is a doubling", "PointDuplication", twice, s)
    for name, key in (("Q = G", 1), ("Q = -G: G + Q is infinity", N - 1), ("Q = 2G", 2), ("Q = G/2", (N + 1) // 2), ("Q = 3G", 3)):
        yield judged(name, ["EdgeCaseShamirMultiplication"], point(private(key)), sign(private(key), MESSAGE), True)
    for name, rare in rare_keys():
        yield judged(name, ["EdgeCasePublicKey"], point(private(rare)), sign(private(rare), MESSAGE), True)
    yield from special_hashes()


def rare_keys():
    """Small private keys whose points begin or end rarely."""
    points, at = {}, None
    for number in range(1, 3000):
        points[number] = at = add(at, G)
    for name, is_so in (
        ("x begins with a zero byte", lambda x, y: x < 2**248), ("y begins with a zero byte", lambda x, y: y < 2**248),
        ("x ends in a zero byte", lambda x, y: x % 256 == 0), ("y ends in a zero byte", lambda x, y: y % 256 == 0),
        ("x begins with FF", lambda x, y: x >> 248 == 255), ("y begins with FF", lambda x, y: y >> 248 == 255),
    ):
        yield name, next(number for number, of in points.items() if is_so(*of))


def special_hashes():
    key = private(scalar("hashes"))
    for name, is_so in (
        ("begins with two zero bytes", lambda z: z >> 240 == 0), ("ends in two zero bytes", lambda z: z % 2**16 == 0),
        ("begins with FFFF", lambda z: z >> 240 == 0xFFFF), ("ends in FFFF", lambda z: z % 2**16 == 0xFFFF),
        ("has two zero bytes in the middle", lambda z: z >> 120 & 0xFFFF == 0),
    ):
        message = next(m for m in (i.to_bytes(4, "big") for i in range(2**24)) if is_so(digest(m)))
        yield judged(f"the hash {name}", ["SpecialCaseHash"], point(key), sign(key, message), True, message)


def wrong_values(key, r, s):
    special = (("0", 0), ("1", 1), ("-1", -1), ("n", N), ("n - 1", N - 1), ("n + 1", N + 1), ("p", P), ("p + 1", P + 1))
    for r_name, r_value in special:
        for s_name, s_value in special:
            yield judged(f"r = {r_name} and s = {s_name}", ["InvalidSignature"], point(key), der(r_value, s_value), False)
    for name, change in (("+ n", lambda v: v + N), ("- n", lambda v: v - N), ("negated", lambda v: -v), ("n - it, negated", lambda v: v - 2 * N)):
        yield judged(f"r {name}", ["RangeCheck"], point(key), der(change(r), s), False)
        yield judged(f"s {name}", ["RangeCheck"], point(key), der(r, change(s)), False)
    for name, change in (
        ("+ 1", lambda v: v + 1), ("- 1", lambda v: v - 1), ("doubled", lambda v: v * 2 % N), ("inverted", lambda v: pow(v, -1, N)),
        ("without its lowest byte", lambda v: v >> 8), ("without its highest byte", lambda v: v % 2**248), ("with its lowest bit turned", lambda v: v ^ 1),
    ):
        yield judged(f"r {name}", ["ModifiedInteger"], point(key), der(change(r), s), False)
        yield judged(f"s {name}", ["ModifiedInteger"], point(key), der(r, change(s)), False)
    for bits in (256, 264, 320):
        yield judged(f"r + 2^{bits}", ["IntegerOverflow"], point(key), der(r + 2**bits, s), False)
        yield judged(f"s + 2^{bits}", ["IntegerOverflow"], point(key), der(r, s + 2**bits), False)
    large = next(found for found in map(with_x, range(N + 1, P)) if found)
    s_large = scalar("large")
    yield judged("R with an x above n, and r not reduced", ["RangeCheck"], xy(*recovered(large, s_large)), der(large[0], s_large), False)
    u1 = scalar("infinity")
    z = digest(MESSAGE)
    opposite, s_opposite = scalar("any r"), z * pow(u1, -1, N) % N
    yield judged("u1 G = -u2 Q: the sum is infinity", ["PointDuplication"], point(private(-u1 * s_opposite * pow(opposite, -1, N) % N)),
                 der(opposite, s_opposite), False)


def wrong_forms(key, r, s):
    whole = der(r, s)
    inside = whole[2:]
    R, S = signed(r), signed(s)
    for name, typed in (
        ("a BOOLEAN", b"\x01\x01\xff"), ("NULL", b"\x05\0"), ("a REAL of zero", b"\x09\0"), ("a REAL", b"\x09\x03\x80\xff\x01"),
        ("a UTF8String", b"\x0c\x01\x30"), ("an ENUMERATED", b"\x0a" + R[1:]), ("a BIT STRING", b"\x03" + R[1:]), ("an OCTET STRING", b"\x04" + R[1:]),
        ("an empty INTEGER", b"\x02\0"), ("a sequence", b"\x30\0"), ("a sequence of it", sequence(R)),
    ):
        yield judged(f"r is {name}", ["InvalidTypesInSignature"], point(key), sequence(typed, S), False)
        yield judged(f"s is {name}", ["InvalidTypesInSignature"], point(key), sequence(R, typed), False)
    long, longer = bytes([0x81, len(inside)]), bytes([0x82, 0, len(inside)])
    for name, form in (
        ("length of the sequence in two bytes", b"\x30" + long + inside), ("length of the sequence in three bytes", b"\x30" + longer + inside),
        ("length of r in two bytes", sequence(b"\x02\x81" + R[1:], S)), ("length of s in three bytes", sequence(R, b"\x02\x82\0" + S[1:])),
        ("indefinite length", b"\x30\x80" + inside + b"\0\0"), ("r with a zero too many", sequence(b"\x02" + bytes([len(R) - 1]) + b"\0" + R[2:], S)),
        ("s with a zero too many", sequence(R, b"\x02" + bytes([len(S) - 1]) + b"\0" + S[2:])),
    ):
        yield judged(name, ["BerEncodedSignature"], point(key), form, False)
    for name, part in (("r", r), ("s", s)):
        bare = part.to_bytes(32, "big")
        if bare[0] < 0x80:
            raise SystemExit(f"{name} needs no zero")
        parts = [b"\x02\x20" + bare if one == name else whole_one for one, whole_one in (("r", R), ("s", S))]
        yield judged(f"{name} lacks its zero", ["MissingZero"], point(key), sequence(*parts), False)
    for name, form in (
        ("length one too long", b"\x30" + bytes([len(inside) + 1]) + inside), ("length one too short", b"\x30" + bytes([len(inside) - 1]) + inside),
        ("length of 2^31 - 1", b"\x30\x84\x7f\xff\xff\xff" + inside), ("length of 2^32 - 1", b"\x30\x84\xff\xff\xff\xff" + inside),
        ("length plus 2^32", b"\x30\x85\x01\0\0\0" + bytes([len(inside)]) + inside), ("length byte FF", b"\x30\xff" + inside),
        ("nothing but a tag", b"\x30"), ("a tag and 80", b"\x30\x80"), ("empty", b""), ("two zeros", b"\0\0"),
        ("an empty object before r", sequence(b"\x05\0", R, S)), ("an empty object behind s", sequence(R, S, b"\x05\0")),
        ("an empty object behind the signature", whole + b"\x05\0"), ("r twice", sequence(R, R, S)), ("s missing", sequence(R)), ("nothing inside", sequence()),
        ("a SET", b"\x31" + whole[1:]), ("a primitive sequence", b"\x10" + whole[1:]), ("of the application's class", b"\x70" + whole[1:]), ("cut by one byte", whole[:-1]),
        ("the two numbers without a frame", xy(r, s)),
    ):
        yield judged(name, ["InvalidEncoding"], point(key), form, False)
    for at in range(0, len(whole), 5):
        turned = bytes(byte ^ (1 << at % 8) if i == at else byte for i, byte in enumerate(whole))
        yield judged(f"byte {at} with a bit turned", ["ModifiedSignature"], point(key), turned, False)


def ecdsa_edges():
    key = private(scalar("wrong"))
    yield from right_signatures()
    # a nonce whose r and s both begin with a one bit, for the forms that leave their zeros out
    r, s = next(
        (r, s) for r, s in ((r, (digest(MESSAGE) + r * key.private_numbers().private_value) * pow(k, -1, N) % N)
                            for k, r in ((scalar(f"high {i}"), None) for i in range(100)) for r in [times(k, G)[0] % N])
        if min(r, s) >> 255)
    yield judged("as it should be", ["ValidSignature"], point(key), der(r, s), True)
    yield judged("as it should be, with n - s", ["ValidSignature"], point(key), der(r, N - s), True)
    yield from wrong_values(key, r, s)
    yield from wrong_forms(key, r, s)


def ecdh_edges():
    mine = scalar("edge of ECDH")
    secret = mine.to_bytes(32, "big")
    yours = point(private(scalar("theirs")))
    yield case("two pairs", ["Normal"], private=secret, public=yours, shared=agree(mine, yours))
    for name, number in (
        ("1", 1), ("2", 2), ("3", 3), ("n - 1", N - 1), ("n - 2", N - 2), ("2^255", 2**255), ("2^128 - 1", 2**128 - 1),
        ("few ones", 2**200 + 2**100 + 1), ("a single zero", 2**255 - 1 - 2**77), ("10 again and again", int("aa" * 31, 16)), ("zeros at its end", scalar("ends") >> 64 << 64),
    ):
        yield case(f"private key {name}", ["AdditionChain"], private=number.to_bytes(32, "big"), public=yours, shared=agree(number, yours))
    inverse = pow(mine, -1, N)
    wanted = [0, *range(1, 4), P - 3, P - 1, 2**255, *(2**k for k in (16, 32, 64, 96, 128, 192, 224)), int("55" * 32, 16), int("33" * 32, 16), 2**224 - 1]
    for x in wanted:
        of = next(found for found in (with_x((x + i) % P) for i in range(50)) if found)
        public = xy(*times(inverse, of))
        shared = agree(mine, public)
        if int.from_bytes(shared, "big") != of[0]:
            raise SystemExit("OpenSSL shares something else")
        yield case(f"the shared x is {of[0]:x}", ["EdgeCaseSharedSecret"], private=secret, public=public, shared=shared)
    for x in (0, 1, P - 1, 2**255, 2**224, 2**96, 2**32):
        of = next(found for found in (with_x((x + i) % P) for i in range(50)) if found)
        for y in (of[1], P - of[1]):
            public = xy(of[0], y)
            yield case(f"public x is {of[0]:x}, y is {'even' if y % 2 == 0 else 'odd'}", ["EdgeCaseEphemeralKey"], private=secret, public=public, shared=agree(mine, public))
    for x in (0, 1, 2**255):
        of = next(found for found in (with_x((x + i) % P) for i in range(50)) if found)
        public = xy(*times((N + 1) // 2, of))
        yield case(f"twice the public key has x {of[0]:x}", ["EdgeCaseDoubling"], private=secret, public=public, shared=agree(mine, public))
    nearly = [(k, sign_) for k in (1, 2, 4, 8) for sign_ in (1, -1)]
    for k, sign_ in nearly:
        public = point(private(sign_ * k * inverse % N))
        yield case(f"the shared point is {sign_ * k} G", ["CVE-2017-8932"], private=secret, public=public, shared=agree(mine, public))
    for name, flag, wrong in (
        ("of order 2 on another curve", "InvalidCurveAttack", xy(1, 0)), ("of order 3 on another curve", "InvalidCurveAttack", of_order_three()),
        ("x of a point, y of another", "InvalidCurveAttack", yours[:32] + point(private(mine))[32:]), ("y negated twice over", "InvalidCurveAttack", xy(G[0], (G[1] + 1) % P)),
        ("generator of brainpoolP256r1", "WrongCurve", of_curve(ec.BrainpoolP256R1())), ("generator of secp256k1", "WrongCurve", of_curve(ec.SECP256K1())),
        ("zeros, for infinity", "InvalidEncoding", bytes(64)), ("x + p", "InvalidEncoding", xy(with_low_x()[0] + P, with_low_x()[1])),
        ("y = p", "InvalidEncoding", xy(G[0], P)), ("all ones", "InvalidEncoding", b"\xff" * 64), ("compressed, and filled up", "InvalidEncoding", b"\x03" + yours[:32] + bytes(31)),
    ):
        yield case(f"a public key {name}", [flag], "invalid", private=secret, public=refused(wrong), shared=b"")


def with_low_x():
    """A point whose x stays below 2^256 when p is added."""
    return next(found for found in map(with_x, range(5, 2**20)) if found)


def of_order_three():
    """Three times it is infinity where 3 x^4 - 18 x^2 + 12 b x - 9 = 0."""
    for x in range(2, 1000):
        b = (9 + 18 * x**2 - 3 * x**4) * pow(12 * x, -1, P) % P
        square = (x**3 - 3 * x + b) % P
        y = pow(square, (P + 1) // 4, P)
        if y * y % P == square:
            return xy(x, y)
    raise SystemExit("no point of order three")


def of_curve(curve):
    try:
        numbers = ec.derive_private_key(1, curve).public_key().public_numbers()
    except UnsupportedAlgorithm as error:
        raise SystemExit(f"OpenSSL lacks {curve.name}") from error
    return xy(numbers.x, numbers.y)


NAMES = "named as in the public Wycheproof tests"


def files():
    yield (
        "ecdh-p256-edges", "ECDH-P-256", [f"generated: pyca/cryptography; classes {NAMES}"],
        {
            "Normal": "two ordinary pairs", "AdditionChain": "private keys with few or many ones, or at the ends of their range",
            "EdgeCaseSharedSecret": "the shared x is rare", "EdgeCaseEphemeralKey": "the public x is rare", "EdgeCaseDoubling": "twice the public key has a rare x",
            "CVE-2017-8932": "the last steps of the multiplication meet small multiples of the generator", "InvalidCurveAttack": "on no curve, or on one with small orders",
            "WrongCurve": "a point of another standard curve", "InvalidEncoding": "no way to write a point as X || Y",
        },
        list(ecdh_edges()),
    )
    yield (
        "ecdsa-p256-edges", "ECDSA-P-256-SHA-256", [f"generated: pyca/cryptography; classes {NAMES}"],
        {
            "ValidSignature": "nothing rare", "ModularInverse": "s whose inverse is an edge", "ArithmeticError": "u1 or u2 at an edge", "SmallRandS": "r and s of a few bits",
            "RangeCheck": "r or s moved by the order; R beyond it", "PointDuplication": "the two products are equal, opposite, or the generator",
            "EdgeCaseShamirMultiplication": "the public key is a small multiple of the generator", "EdgeCasePublicKey": "a rare public key", "SpecialCaseHash": "a hash with long runs",
            "InvalidSignature": "r and s at the limits (CVE-2022-21449)", "ModifiedInteger": "r or s changed", "IntegerOverflow": "right if the highest bits are left out",
            "InvalidTypesInSignature": "something else than an INTEGER", "BerEncodedSignature": "right in BER, not in DER", "MissingZero": "an INTEGER that reads as negative",
            "InvalidEncoding": "no encoding of two numbers", "ModifiedSignature": "a bit turned",
        },
        list(ecdsa_edges()),
    )
