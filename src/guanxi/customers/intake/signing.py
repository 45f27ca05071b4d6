"""Who a visitor is, said by the site's own server: claims with a signature that no page can make up.

The claims are the text of a JSON object, the signature is the HMAC-SHA256 of that very text under the site's
secret, in hexadecimal. The secret is derived from SECRET_KEY, so it stands in no table.
"""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings


def secret_of(key: str) -> str:
    """The secret that the server of the website with this key signs with."""
    return hmac.new(settings.SECRET_KEY.encode(), f"website:{key}".encode(), hashlib.sha256).hexdigest()


def sign(claims: str, *, key: str) -> str:
    """The signature of the text of the claims."""
    return hmac.new(secret_of(key).encode(), claims.encode(), hashlib.sha256).hexdigest()


def is_signed(claims: str, signature: str, *, key: str) -> bool:
    return hmac.compare_digest(sign(claims, key=key).encode(), signature.encode())
