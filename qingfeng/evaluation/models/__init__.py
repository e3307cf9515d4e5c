"""Tables of the evaluation, by topic. Django finds them here; code imports them from their modules."""

from qingfeng.evaluation.models import (
    appeals,
    data,
    results,
    reviews,
    rounds,
    schemes,
    studies,
    submissions,
)

__all__ = ["appeals", "data", "results", "reviews", "rounds", "schemes", "studies", "submissions"]
