"""Tables of the decisions, by topic. Django finds them here; code imports them from their modules."""

from qingfeng.decisions.models import approvals, committee, recording

__all__ = ["approvals", "committee", "recording"]
