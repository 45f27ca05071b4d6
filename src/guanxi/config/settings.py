"""Django's settings, read from the environment; `guanxi check` names what is wrong and how to mend it.

Every variable an administrator may set is listed in docs/administrators/settings.md. Nothing here touches the disk or
the network except reading the secret key: `guanxi` brings the database up before Django is configured.
"""

from __future__ import annotations

import os
from pathlib import Path

from guanxi.config.environment import (
    allowed_hosts,
    database,
    flag,
    home,
    openid_connect_apps,
    public_url,
    secret_key,
)

SOURCE = Path(__file__).resolve().parent.parent

GUANXI_HOME = home()
PUBLIC_URL = public_url()
DEBUG = flag("GUANXI_DEBUG")
SECRET_KEY = secret_key(GUANXI_HOME)
ALLOWED_HOSTS = allowed_hosts(PUBLIC_URL)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []

INSTALLED_APPS = [
    "guanxi.desk",
    "guanxi.customers",
    "guanxi.staff",
    "guanxi.core",
    "guanxi.design",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "ninja",  # for the pages of /api/v1/docs, from our own server
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "guanxi.staff.middleware.MemberPreferences",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "guanxi.staff.middleware.SessionActivity",
]

ROOT_URLCONF = "guanxi.config.urls"
WSGI_APPLICATION = None

_CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.messages.context_processors.messages",
    "guanxi.desk.navigation.context",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": sorted(str(folder) for folder in SOURCE.glob("*/templates")),
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "guanxi.design.jinja.environment",
            "context_processors": _CONTEXT_PROCESSORS,
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _CONTEXT_PROCESSORS},
    },
]

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文")]  # each in its own words
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
USE_I18N = True
LOCALE_PATHS = [SOURCE / "kit" / "locale"]  # kit speaks too, and is no app
USE_TZ = True
TIME_ZONE = os.environ.get("GUANXI_TIME_ZONE", "Asia/Shanghai")
DEFAULT_COUNTRY = os.environ.get("GUANXI_COUNTRY", "CN")
DEFAULT_CURRENCY = os.environ.get("GUANXI_CURRENCY", "CNY")
EVENT_RETENTION_MONTHS = int(os.environ.get("GUANXI_EVENT_RETENTION_MONTHS", "0"))  # 0: for ever

STATIC_URL = "/static/"
STATIC_ROOT = GUANXI_HOME / "static"
STATICFILES_DIRS: list[str] = []
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "guanxi.design.assets.VendorFinder",
]
MEDIA_ROOT = GUANXI_HOME / "files"
STORAGES = {
    "default": {"BACKEND": "guanxi.core.storage.PrivateStorage"},
    "staticfiles": {"BACKEND": "guanxi.config.static.BuildStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

AUTH_USER_MODEL = "staff.Member"
AUTHENTICATION_BACKENDS = ["guanxi.staff.backends.MemberBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "guanxi.staff.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "guanxi.staff.adapters.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of changes to one's own way in
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
MFA_ADAPTER = "guanxi.staff.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PUBLIC_URL.startswith("https://")
MFA_TOTP_ISSUER = "Guanxi"
USERSESSIONS_TRACK_ACTIVITY = True
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": openid_connect_apps()}}

EMAIL_BACKEND = os.environ.get("GUANXI_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = os.environ.get("GUANXI_EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("GUANXI_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("GUANXI_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("GUANXI_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = flag("GUANXI_EMAIL_TLS")
DEFAULT_FROM_EMAIL = os.environ.get("GUANXI_EMAIL_FROM", "guanxi@localhost")

_SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_NAME = "guanxi_session"
SESSION_COOKIE_SECURE = _SECURE
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_COOKIE_SECURE = _SECURE
CSRF_COOKIE_NAME = "guanxi_csrf"
CSRF_FAILURE_VIEW = "guanxi.design.views.csrf_failure"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING_CONFIG = None  # guanxi.core.logs configures logging once, at the command line and the front door

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
