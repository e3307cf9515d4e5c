from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from qingfeng.core import clock
from qingfeng.core.errors import Refused
from qingfeng.documents import rules
from qingfeng.documents.actions import files as actions
from qingfeng.documents.queries import official as queries
from qingfeng.documents.views.requests import user_of


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a file out: always as a download, never shown inside the page; the opening is audited."""
    user = user_of(request)
    version = get_object_or_404(queries.versions(), pk=pk)
    if not rules.open_file.allows(user, version):
        raise Http404
    try:
        opened = actions.open_version(
            version=version, by=user, at=clock.now(), address=request.META.get("REMOTE_ADDR", "")
        )
    except Refused as lost:
        return render(request, "documents/file_lost.html", {"sentence": str(lost)}, status=503)
    response = HttpResponse(opened.content, content_type=opened.media_type)
    response["Content-Disposition"] = content_disposition_header(True, opened.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response
