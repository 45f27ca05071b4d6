from __future__ import annotations

from django.db import models

from guanxi.staff.models import Member


class PresentNotes(models.Manager["Note"]):
    """The notes that nobody deleted."""

    def get_queryset(self) -> models.QuerySet[Note]:
        return super().get_queryset().filter(deleted_at=None)


class Note(models.Model):
    """What a colleague wrote down about a customer.

    A deleted note is kept, out of sight of `objects`, so that deleting can be undone; `even_deleted` has all.
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(max_length=20_000)
    is_pinned = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    objects = PresentNotes()
    even_deleted: models.Manager[Note] = models.Manager()

    class Meta:
        ordering = ["-is_pinned", "-created_at", "-id"]

    def __str__(self) -> str:
        return self.text[:60]


class NoteMention(models.Model):
    """A colleague named in a note, who is told of it."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="mentions")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="mentions")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["note", "member"], name="customers_mention_once")]
        indexes = [
            models.Index(fields=["member", "-id"], name="customers_mention_unseen", condition=models.Q(seen_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.note_id}"


class Attachment(models.Model):
    """A file kept with a note."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to="attachments/%Y/%m/")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
