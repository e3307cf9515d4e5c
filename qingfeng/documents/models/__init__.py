"""Tables of the documents, by topic. Django finds them here; code imports them from their modules."""

from qingfeng.documents.models import files, official

__all__ = ["files", "official"]
