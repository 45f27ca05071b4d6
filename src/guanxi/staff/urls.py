"""Addresses of staff. Included before allauth's, some of whose pages are replaced or closed here."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from guanxi.staff.access import signed_in
from guanxi.staff.views import api_keys, departments, joining, people, profile, readers, roles

urlpatterns: list[URLPattern | URLResolver] = [
    path("welcome/", joining.first_administrator, name="first_administrator"),
    path("invitations/<str:token>/", joining.accept, name="invitation_accept"),
    path("profile/", profile.profile, name="profile"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/<int:pk>/", people.person, name="person"),
    path("settings/people/<int:pk>/deactivation/", people.deactivation, name="deactivation"),
    path("settings/people/<int:pk>/reactivation/", people.reactivation, name="reactivation"),
    path("settings/people/<int:pk>/sign-out/", people.sign_out, name="person_sign_out"),
    path("settings/people/invitations/new/", people.invitation_new, name="invitation_new"),
    path(
        "settings/people/invitations/<int:pk>/revocation/",
        people.invitation_revocation,
        name="invitation_revocation",
    ),
    path("settings/departments/", departments.departments, name="departments"),
    path("settings/departments/<int:pk>/", departments.department, name="department"),
    path("settings/departments/<int:pk>/removal/", departments.department_removal, name="department_removal"),
    path("settings/roles/", roles.roles, name="roles"),
    path("settings/roles/new/", roles.role_new, name="role_new"),
    path("settings/roles/<int:pk>/", roles.role, name="role"),
    path("settings/roles/<int:pk>/removal/", roles.role_removal, name="role_removal"),
    path("settings/api-keys/", api_keys.api_keys, name="api_keys"),
    path("settings/api-keys/new/", api_keys.api_key_new, name="api_key_new"),
    path("settings/api-keys/<int:pk>/revocation/", api_keys.api_key_revocation, name="api_key_revocation"),
    path("settings/readers/", readers.readers, name="readers"),
    path("settings/readers/<str:name>/rewinding/", readers.rewinding, name="reader_rewinding"),
    path("i18n/setlang/", profile.keep_language, name="set_language"),
    path("accounts/login/", joining.SignIn.as_view(), name="account_login"),
    path("accounts/sessions/", signed_in(profile.Sessions.as_view()), name="usersessions_list"),
    path("accounts/signup/", joining.closed, name="account_signup"),
    path("accounts/email/", joining.closed, name="account_email"),
    path("accounts/confirm-email/", joining.closed),
    re_path(r"^accounts/confirm-email/(?P<key>[-:\w]+)/$", joining.closed),
    path("accounts/3rdparty/", joining.closed, name="socialaccount_connections"),
    path("accounts/3rdparty/signup/", joining.closed, name="socialaccount_signup"),
]
