"""Tables of the rectification, by topic. Django finds them here; code imports them from their modules."""

from qingfeng.rectification.models import institutions, items

__all__ = ["institutions", "items"]
