"""Chance that comes out the same everywhere: a raw PCG64 stream and nothing that numpy may change.

numpy promises the raw words of a bit generator for ever, but not what its distributions make of them;
so the few draws a profile needs are made here from the raw words.
"""

from __future__ import annotations

import hashlib

import numpy as np

from console.profile.ground import Floats, Ints


class Chance:
    """One stream, named: what is drawn for one fleet does not depend on any other. One thread."""

    def __init__(self, seed: int, name: str) -> None:
        said = hashlib.sha256(f"{seed}/{name}".encode()).digest()
        self._bits = np.random.PCG64(int.from_bytes(said[:16], "big"))

    def even(self, count: int, low: float = 0.0, high: float = 1.0) -> Floats:
        """`count` numbers, low <= number < high."""
        raw = self._bits.random_raw(count) >> np.uint64(11)
        return low + raw.astype(np.float64) * (2.0**-53 * (high - low))

    def below(self, count: int, bound: int) -> Ints:
        """`count` whole numbers, 0 <= number < bound."""
        return np.minimum((self.even(count) * bound).astype(np.int64), bound - 1)

    def order(self, count: int) -> Ints:
        """The numbers 0..count-1, shuffled."""
        return np.argsort(self.even(count), kind="stable")

    def pick(self, count: int, weights: Floats) -> Ints:
        """`count` indexes into `weights`, each as often as its weight says."""
        edges = np.cumsum(weights)
        found = np.searchsorted(edges, self.even(count, 0.0, float(edges[-1])), side="right")
        return np.minimum(found, len(weights) - 1)


def shares(total: int, weights: Floats) -> Ints:
    """`total` split in whole numbers as the weights say (largest remainder); the sum is exactly `total`."""
    exact = weights * (total / float(weights.sum()))
    whole = np.floor(exact).astype(np.int64)
    left = total - int(whole.sum())
    whole[np.argsort(-(exact - whole), kind="stable")[:left]] += 1
    return whole
