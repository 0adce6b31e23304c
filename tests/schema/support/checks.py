"""What the checks of the tool don't know of this API."""

MEDIA_TYPE = "application/problem+json"


def refusals_explain(context, response, case):
    """A refusal is a problem (RFC 9457) that says its status, its code and what is wrong, and where if it is one field."""
    if response.status_code < 400:
        return
    assert response.headers["content-type"] == [MEDIA_TYPE], response.headers
    problem = response.json()
    assert problem["status"] == response.status_code, problem
    assert isinstance(problem["code"], int) and problem["title"] and problem["detail"], problem
    for error in problem.get("errors", []):
        assert error["field"] and error["message"], problem


def valid_requests_are_refused_for_a_stated_reason(context, response, case):
    """What the description allows may still not fit: a cursor of another list, two fields that exclude each other. Then a
    field is named, or it is a question of state."""
    if response.status_code == 400 and case.meta.generation.mode.is_positive:
        assert response.json().get("errors"), response.text


def nothing_is_kept_or_shown_elsewhere(context, response, case):
    """No answer may be kept by a cache, sniffed, framed or read by a page of another origin."""
    headers = response.headers
    assert headers["x-content-type-options"] == ["nosniff"], headers
    assert headers["x-frame-options"] == ["DENY"], headers
    assert "access-control-allow-origin" not in headers, headers
    assert headers["cache-control"][0] in ("no-store", "no-cache", "private, no-cache"), headers


OWN = [refusals_explain, valid_requests_are_refused_for_a_stated_reason, nothing_is_kept_or_shown_elsewhere]
