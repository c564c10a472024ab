from datetime import UTC, datetime

from app.notifications import signing


def test_a_form_is_signed_as_the_example_that_aws_publishes() -> None:
    """`post-x-www-form-urlencoded` of the test suite of Signature Version 4."""
    key = signing.Key("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service")
    at = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
    assert signing.headers_of(key, "example.amazonaws.com", "Param1=value1", at) == {
        "content-type": "application/x-www-form-urlencoded",
        "host": "example.amazonaws.com",
        "x-amz-date": "20150830T123600Z",
        "authorization": (
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
        ),
    }
