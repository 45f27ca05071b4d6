"""Files of notes, handed out only to those who may see the customer, and never run by a browser."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guanxi.customers.models import Attachment, Customer
from guanxi.staff.access import member, requires


@requires("customers")
@require_safe
def attachment(request: HttpRequest, attachment_id: int) -> FileResponse:
    """The file as a download, under the name it came with."""
    found = Attachment.objects.filter(
        pk=attachment_id,
        note__deleted_at=None,
        note__customer__in=Customer.objects.visible_to(member(request)),
    ).first()
    if found is None:
        raise Http404(_("There is no such file, or its customer lies outside what you may see."))
    try:
        stored = found.file.open("rb")
    except FileNotFoundError:
        raise Http404(_("The file is no longer in the store. Ask an administrator for the backup.")) from None
    response = FileResponse(stored, as_attachment=True, filename=found.name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
