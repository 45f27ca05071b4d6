"""The nouns of staff."""

from guanxi.staff.models.api_key import ApiKey
from guanxi.staff.models.department import Department
from guanxi.staff.models.invitation import Invitation
from guanxi.staff.models.member import Member
from guanxi.staff.models.role import Role

__all__ = ["ApiKey", "Department", "Invitation", "Member", "Role"]
