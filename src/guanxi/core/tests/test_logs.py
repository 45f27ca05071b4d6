from __future__ import annotations

from guanxi.core.logs import hide_secrets


def test_secrets_never_reach_the_log() -> None:
    event = {"event": "signed_in", "password": "hunter2", "headers": {"Cookie": "a=b", "Host": "x"}, "api_key": "k"}
    assert hide_secrets(None, "info", event) == {
        "event": "signed_in",
        "password": "[hidden]",
        "headers": {"Cookie": "[hidden]", "Host": "x"},
        "api_key": "[hidden]",
    }
