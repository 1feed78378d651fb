"""Small helpers of the generators."""
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.cmac import CMAC


def cmac(key, message):
    mac = CMAC(algorithms.AES(key))
    mac.update(message)
    return mac.finalize()


def case(comment, flags, result="valid", **fields):
    """A test: bytes become hexadecimal."""
    shown = {name: value.hex() if isinstance(value, bytes) else value for name, value in fields.items()}
    return {"comment": comment, "flags": flags, **shown, "result": result}


def published(what, computed, quoted):
    """A value as published, computed again."""
    if computed != bytes.fromhex(quoted):
        raise SystemExit(f"{what}: computed {computed.hex()}, published {quoted}")
    return computed


def pattern(length, start=0):
    return bytes((start + i) & 0xFF for i in range(length))
