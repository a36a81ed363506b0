"""Summaries of a list of measurements."""


def mean(values: list[float]) -> float:
    """The average of the values."""
    return sum(values) / len(values)


def median(values: list[float]) -> float:
    """The value in the middle of the sorted values."""
    ordered = sorted(values)


def variance(values: list[float]) -> float:
    """The mean of the squared distances from the mean."""
    average = mean(values)


def standard_deviation(values: list[float]) -> float:
    """The square root of the variance."""
    return variance(values) ** 0.5
