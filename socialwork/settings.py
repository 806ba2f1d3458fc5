"""The one settings module. Every value a deployment may change is an environment variable read by socialwork.env."""
from pathlib import Path

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from socialwork import env
from socialwork.databases import databases

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.secret("SECRET_KEY")
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.listing("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "guardian",
    "axes",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "socialwork.core",
    "socialwork.audit",
    "socialwork.access",
    "socialwork.deadlines",
    "socialwork.files",
    "socialwork.notifications",
    "socialwork.organisations",
    "socialwork.accounts",
    "socialwork.people",
    "socialwork.exporting",
    "referrals",
    "cases",
    "socialwork.statistics",
    "socialwork.oversight",
    "socialwork.today",
    "socialwork.demo",
    "socialwork.bench",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "socialwork.core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "socialwork.accounts.tokens.TokenMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # Says again what the content policy says, to browsers that know only this.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "socialwork.core.middleware.ReadYourWritesMiddleware",
    # Before anybody asks who the user is: the answer is read in the transaction.
    "socialwork.core.middleware.TransactionMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "socialwork.core.middleware.ResponseHeadersMiddleware",
    "axes.middleware.AxesMiddleware",
    "socialwork.core.middleware.ReadFromReplicaMiddleware",
]

ROOT_URLCONF = "socialwork.urls"
WSGI_APPLICATION = "socialwork.wsgi.application"

TEMPLATES = [
    {
        "NAME": "django",  # by which djangorestframework asks for it
        "BACKEND": "socialwork.core.rendering.Pages",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "socialwork.accounts.frame.frame",
            ],
        },
    }
]
FORM_RENDERER = "socialwork.core.rendering.FormRenderer"

DATABASES = databases()
REPLICAS = [alias for alias in DATABASES if alias != "default"]
# A replica further behind than this many seconds is not asked.
REPLICA_MAX_LAG = env.number("REPLICA_MAX_LAG", default=10, minimum=1, maximum=3000)
DATABASE_ROUTERS = ["socialwork.core.replicas.Router"] if REPLICAS else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.redis_url()
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.redis_url(1)}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = env.number("SESSION_HOURS", default=10) * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # the autosave script sends the token in a header
CSRF_FAILURE_VIEW = "socialwork.core.errors.csrf_failure"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "socialwork.access.backends.DenyByDefaultBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = None
# One office sits behind one address: an address alone never locks anybody out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = env.number("SIGN_IN_TRIES", default=10)
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_TEMPLATE = "errors/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_IPWARE_PROXY_COUNT = env.number("PROXY_COUNT", default=0) or None
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
ANONYMOUS_USER_NAME = None  # django-guardian: nobody stands in for the anonymous
GUARDIAN_MONKEY_PATCH_USER = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "socialwork" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
PRODUCT_NAME = _("Huhang")

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "socialwork" / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", default=BASE_DIR / "var" / "static")
MEDIA_ROOT = env.path("MEDIA_ROOT", default=BASE_DIR / "var" / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if FILES_BUCKET := env.bucket("FILES_S3"):
    STORAGES["files"] = {"BACKEND": "socialwork.files.bucket.SealedBucket", "OPTIONS": FILES_BUCKET}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
REFERENCE_DIR = BASE_DIR / "fixtures" / "reference"
DEMO_DIR = BASE_DIR / "fixtures" / "demo"
VOCABULARY_OVERLAY = env.text("VOCABULARY_OVERLAY", default="")

DATA_KEY_RING = env.secret("DATA_KEY_RING")
INDEX_KEY = env.secret("INDEX_KEY")
CIPHER_SUITE = env.text("CIPHER_SUITE", default="INTL")

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# Twenty pages scanned in colour with 200 dots per inch, or one large picture of each of a few pages.
UPLOAD_MAX_BYTES = env.number("UPLOAD_MAX_MB", default=20) * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "socialwork.files.receiving.RefuseFloods",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", default=env.broker_url())
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False  # a lost message is found again in the outbox
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "relay-outbox": {"task": "notifications.relay_outbox", "schedule": 30.0},
    "sweep-deadlines": {"task": "deadlines.sweep", "schedule": 600.0},
    "sweep-exports": {"task": "exports.sweep", "schedule": 60.0},
    "fold-statistics": {"task": "statistics.fold", "schedule": 60.0},
    "send-digests": {"task": "notifications.send_digests", "schedule": 3600.0},
    "make-years": {"task": "audit.make_years", "schedule": crontab(hour=1, minute=15)},
    "end-months": {"task": "cases.end_months", "schedule": crontab(hour=0, minute=30)},
    "check-deadlines": {"task": "deadlines.check", "schedule": crontab(hour=3, minute=30)},
    "check-statistics": {"task": "statistics.check", "schedule": crontab(hour=4, minute=0)},
}

EMAIL_BACKEND = env.text(
    "EMAIL_BACKEND",
    default="django.core.mail.backends.console.EmailBackend" if DEBUG else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_HOST = env.text("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.number("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="huhang@localhost")
SITE_URL = env.text("SITE_URL", default="")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "socialwork.access.drf.CameIn",
    ],
    # LoginRequiredMiddleware does not guard API views; a view that declares no right is refused.
    "DEFAULT_PERMISSION_CLASSES": ["socialwork.access.drf.DeclaredAction"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "socialwork.access.openapi.FormSchema",
    "EXCEPTION_HANDLER": "socialwork.access.drf_views.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Huhang API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [],  # codes stand beside their fields; naming each list apart would make them collide
    "SERVE_PERMISSIONS": ["socialwork.access.drf.SignedIn"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if not DEBUG:
    # Behind the shipped proxy; INSECURE_HTTP=1 is for an office network without certificates.
    INSECURE_HTTP = env.flag("INSECURE_HTTP", default=False)
    SECURE_SSL_REDIRECT = not INSECURE_HTTP
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^livez/$", r"^readyz/$"]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE_HTTP
    if not INSECURE_HTTP:
        SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not INSECURE_HTTP

SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # guardian's backend answers per row; rights here are row filters (access)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "socialwork.core.logs.json_formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # Request lines carry paths with identifiers only; bodies and parameters are never logged.
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "axes": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
