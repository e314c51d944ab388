"""Who is asking: the same check of the same token that Notify makes."""

from notifications_python_client.authentication import decode_jwt_token, get_token_issuer
from notifications_python_client.errors import (
    TokenAlgorithmError,
    TokenDecodeError,
    TokenError,
    TokenExpiredError,
    TokenIssuedAtError,
    TokenIssuerError,
)

SERVICE = "5f1f0a0e-7c1b-4a63-9d0e-0d3c7f2b9a11"
DEMO_KEY = f"demonstration-{SERVICE}-c0ffee00-1d5a-4c3b-8f7e-2a6b9d4e8c10"
DEMO_TEMPLATE = "a3d6b1f2-58c4-4e0b-9b7a-6f1c2d3e4f50"

CLOCK = "Error: Your system clock must be accurate to within 30 seconds"


class NotAllowed(Exception):
    """The token is missing or wrong."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def check(authorization: str, key: str) -> None:
    """Raise unless this is a fresh token signed with the key's secret."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotAllowed(401, "Unauthorized: authentication token must be provided")
    try:
        issuer = get_token_issuer(token)  # type: ignore[no-untyped-call]
    except TokenIssuerError:
        raise NotAllowed(403, "Invalid token: iss field not provided") from None
    except TokenDecodeError:
        raise NotAllowed(403, "Invalid token: API token is not valid") from None
    if issuer != key[-73:-37]:
        raise NotAllowed(403, "Invalid token: service not found")
    _check_signature(token, key[-36:])


def _check_signature(token: str, secret: str) -> None:
    try:
        decode_jwt_token(token, secret)  # type: ignore[no-untyped-call]
    except TokenExpiredError:
        raise NotAllowed(403, CLOCK) from None
    except TokenIssuedAtError:
        raise NotAllowed(403, "Invalid token: iat field not provided") from None
    except TokenAlgorithmError:
        raise NotAllowed(403, "Invalid token: algorithm used is not HS256") from None
    except TokenDecodeError:
        raise NotAllowed(403, "Invalid token: API key not found") from None
    except TokenError:
        raise NotAllowed(403, "Invalid token") from None
