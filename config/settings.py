"""Settings. The environment is read once, here, through `config.environment`."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from csp.constants import NONE, SELF

from config import environment as env

BASE_DIR = env.ROOT
STATE_DIR: Path = env.state_directory()
TESTING = "pytest" in sys.modules

QINGFENG_VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"][
    "version"
]
DEBUG = False
SECRET_KEY = env.secret("QINGFENG_SECRET_KEY", STATE_DIR / "secret.key")
AUDIT_KEY_FILE = Path(env.text("QINGFENG_AUDIT_KEY_FILE", str(STATE_DIR / "audit.key")))
AUDIT_HEAD_DIR = Path(env.text("QINGFENG_AUDIT_HEAD_DIR", str(STATE_DIR / "audit-heads")))
QINGFENG_STORAGE = Path(env.text("QINGFENG_STORAGE", str(STATE_DIR / "files")))
ALLOWED_HOSTS = env.names("QINGFENG_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.names("QINGFENG_ORIGINS")
SECURE = env.flag("QINGFENG_TLS")
QINGFENG_PROXIES = env.number("QINGFENG_PROXIES", 0)

INSTALLED_APPS = [
    "qingfeng.core",
    "qingfeng.audit",
    "qingfeng.organizations",
    "qingfeng.accounts",
    "qingfeng.workflow",
    "qingfeng.documents",
    "qingfeng.notifications",
    "qingfeng.ballots",
    "qingfeng.decisions",
    "qingfeng.rectification",
    "qingfeng.evaluation",
    "qingfeng.shell",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "tree_queries",
    "template_partials",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "qingfeng.ballots.middleware.Door",  # first: what it strips, nothing after it can read
    "qingfeng.core.proxies.ClientAddress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "qingfeng.core.caching.NeverStored",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "qingfeng.core.uploads.BoundedBodies",
    "qingfeng.accounts.middleware.IdleTimeout",
    "qingfeng.accounts.middleware.AdministratorAddresses",
    "qingfeng.accounts.middleware.LoginRequired",
    "qingfeng.accounts.middleware.PasswordGate",
    "qingfeng.accounts.middleware.FactorGate",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "qingfeng.core.searches.PostedSearches",
    "qingfeng.core.htmx.HtmxMiddleware",
    "qingfeng.audit.middleware.Refusals",
    "qingfeng.core.readonly.ReadOnlyRequests",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qingfeng.shell.context.navigation",
            ],
            "builtins": [
                "qingfeng.core.templatetags.ui",
                "qingfeng.core.templatetags.lists",
                "qingfeng.core.templatetags.words",
                "template_partials.templatetags.partials",
            ],
        },
    },
]
FORM_RENDERER = "qingfeng.core.rendering.FormRenderer"

DATABASES = {"default": env.database(STATE_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"},
}

TASKS = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "routine"]},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "tests.plumbing.hashing.QuickArgon2" if TESTING else "django.contrib.auth.hashers.Argon2PasswordHasher"
]
BALLOT_SCRYPT_LOG_N = 4 if TESTING else 16
"""The work of scrypt on a keeper's passphrase, as a binary logarithm: 64 MB and a third of a second."""
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "qingfeng.accounts.forms.passwords.LengthAndClasses"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "qingfeng.accounts.forms.passwords.NotUsedLately"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "qingfeng.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "20/10m/ip"}
ACCOUNT_FORMS = {
    "login": "qingfeng.accounts.forms.passwords.SignInForm",
    "change_password": "qingfeng.accounts.forms.passwords.PasswordChangeForm",
    "reauthenticate": "qingfeng.accounts.forms.passwords.AgainForm",
}
MFA_ADAPTER = "qingfeng.accounts.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "qingfeng.accounts.forms.passwords.FactorForm",
    "reauthenticate": "qingfeng.accounts.forms.passwords.FactorAgainForm",
    "activate_totp": "qingfeng.accounts.forms.passwords.FactorActivationForm",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
USERSESSIONS_TRACK_ACTIVITY = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60  # longer than IdleTimeout's limit, which then can say why one was signed out
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "qingfeng.core.faults.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]  # a browser set to another language still reads Chinese
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env.text("QINGFENG_STATIC_ROOT", str(BASE_DIR / "static-built")))
if TESTING:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [path for path in [BASE_DIR / "assets-built"] if path.exists()]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(QINGFENG_STORAGE)},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or env.flag("QINGFENG_PLAIN_STATIC")
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING or env.flag("QINGFENG_PLAIN_STATIC")

FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
QINGFENG_MAX_FILE_BYTES = env.number("QINGFENG_MAX_FILE_MB", 50) * 1024 * 1024
QINGFENG_PG_BIN = env.text("QINGFENG_PG_BIN")
QINGFENG_DEMO = env.flag("QINGFENG_DEMO")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "qingfeng.core.logs.Reticent",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "filters": {"hush": {"()": "qingfeng.core.logs.Hush"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["hush"]}},
    "root": {"handlers": ["console"], "level": env.text("QINGFENG_LOG_LEVEL", "WARNING")},
}
