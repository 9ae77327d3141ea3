from __future__ import annotations

import pytest
from scipy.special import stdtrit  # type: ignore[import-untyped]

from archsearch.board.student import t_quantile


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 7, 19, 30, 99, 499, 10_000])
@pytest.mark.parametrize("probability", [0.5, 0.6, 0.9, 0.975, 0.995, 0.99999, 0.025, 0.001])
def test_quantiles_equal_scipys(probability: float, degrees: int) -> None:
    wanted = float(stdtrit(degrees, probability))
    assert t_quantile(probability, degrees) == pytest.approx(wanted, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("probability", "degrees"), [(0.0, 3), (1.0, 3), (0.5, 0)])
def test_what_has_no_quantile_is_refused(probability: float, degrees: int) -> None:
    with pytest.raises(ValueError, match="no quantile"):
        t_quantile(probability, degrees)
