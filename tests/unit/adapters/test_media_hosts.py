"""Only Meta's hosts are asked for a file, and fewer of them see the access token."""

from __future__ import annotations

import pytest

from adapters.media_hosts import MediaHosts
from domain.errors import MediaRefusedError
from domain.media import MediaRefusal

META = MediaHosts.of("lookaside.fbsbx.com,.fbcdn.net")
LOCAL = MediaHosts.of("http://127.0.0.1:8080")
REAL = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=133&ext=1720570800&hash=ATu_egba"

FOREIGN = [
    # Inside: the metadata service of a cloud, the loopback interface, in every notation of an address.
    "http://169.254.169.254/latest/meta-data/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::ffff:a9fe:a9fe]/",
    "https://[::1]/",
    "https://[fe80::1%25eth0]/",
    "https://2852039166/",
    "https://0xa9fea9fe/",
    "https://0xa9.0xfe.0xa9.0xfe/",
    "https://0251.0376.0251.0376/",
    "https://169.254.43518/",
    "https://127.1/",
    "https://0/",
    "https://localhost/",
    "https://①⑥⑨.254.169.254/",
    # Other schemes.
    "file:///etc/passwd",
    "file://lookaside.fbsbx.com/etc/passwd",
    "ftp://lookaside.fbsbx.com/x",
    "gopher://lookaside.fbsbx.com/x",
    "data:image/png;base64,AAAA",
    "http://lookaside.fbsbx.com/x",
    "//lookaside.fbsbx.com/x",
    "lookaside.fbsbx.com/x",
    "",
    # Other hosts that look like it.
    "https://evil.example/x",
    "https://lookaside.fbsbx.com.evil.example/x",
    "https://evil.example/lookaside.fbsbx.com",
    "https://evil.example?lookaside.fbsbx.com",
    "https://evil.example#lookaside.fbsbx.com",
    "https://xlookaside.fbsbx.com/x",
    "https://www.fbsbx.com/x",
    "https://fbsbx.com/x",
    "https://lookaside.fbsbx.com./x",
    "https://lооkaside.fbsbx.com/x",
    "https://xn--lkaside-55fa.fbsbx.com/x",
    "https://evilfbcdn.net/x",
    "https://fbcdn.net/x",
    "https://.fbcdn.net/x",
    "https://evil.example\\.fbcdn.net/x",
    "https://-.fbcdn.net/x",
    "https://x.fbcdn.net./x",
    # Who is spoken to, and at which door.
    "https://lookaside.fbsbx.com@evil.example/x",
    "https://user@lookaside.fbsbx.com/x",
    "https://user:@lookaside.fbsbx.com/x",
    "https://@lookaside.fbsbx.com@evil.example/x",
    "https://lookaside.fbsbx.com:8443/x",
    "https://lookaside.fbsbx.com:80/x",
    "https://scontent.fbcdn.net:22/x",
    # What parsers disagree about.
    "https://evil.example\\@lookaside.fbsbx.com/x",
    "https:\\\\lookaside.fbsbx.com\\x",
    "https://lookaside.fbsbx.com\t.evil.example/x",
    "https://lookaside.fbsbx.com\n.evil.example/x",
    "https://lookaside.fbsbx.com\r\nHost: evil.example/x",
    " https://lookaside.fbsbx.com/x",
    "https://lookaside.fbsbx.com /x",
    "https://lookaside.fbsbx.com\x00.evil.example/x",
    "https://lookaside%2efbsbx.com/x",
    "https://evil.example%2f.fbcdn.net/x",
    "https://lookaside.fbsbx.com。evil.example/x",
    "https:///lookaside.fbsbx.com/x",
    "https:lookaside.fbsbx.com/x",
]


@pytest.mark.parametrize("url", FOREIGN)
@pytest.mark.parametrize("hosts", [META, LOCAL], ids=["meta", "local"])
def test_nobody_else_is_asked(hosts: MediaHosts, url: str) -> None:
    with pytest.raises(MediaRefusedError) as refused:
        hosts.permit(url)
    assert refused.value.reason is MediaRefusal.FOREIGN_HOST


@pytest.mark.parametrize("url", [REAL, REAL.replace(".com/", ".com:443/"), REAL.replace("lookaside", "LookAside")])
def test_metas_own_host_is_asked_with_the_token(url: str) -> None:
    hop = META.permit(url)
    assert (hop.url.scheme, hop.url.host, hop.url.port, hop.with_token) == ("https", "lookaside.fbsbx.com", None, True)
    assert hop.url.query == b"mid=133&ext=1720570800&hash=ATu_egba"


def test_a_host_of_its_delivery_network_is_asked_without_it() -> None:
    hop = META.permit("https://scontent-ams4-1.xx.fbcdn.net/v/t1")
    assert not hop.with_token


def test_the_simulator_is_asked_where_the_setting_names_it() -> None:
    assert LOCAL.permit("http://127.0.0.1:8080/graph/whatsapp_business/attachments/t").with_token
    for other in (
        "http://127.0.0.1:8081/x",
        "https://127.0.0.1:8080/x",
        "http://127.0.0.1/x",
        "http://localhost:8080/x",
    ):
        with pytest.raises(MediaRefusedError):
            LOCAL.permit(other)
    with pytest.raises(MediaRefusedError):
        META.permit("http://127.0.0.1:8080/x")


@pytest.mark.parametrize(
    "setting",
    [
        "",
        "*",
        ".",
        ".com,",
        "lookaside.fbsbx.com,,x.com",
        "https://lookaside.fbsbx.com",
        "http://evil.example:80",
        "http://127.0.0.1",
        "169.254.169.254",
        "localhost",
        "*.fbcdn.net",
        "lookaside.fbsbx.com/x",
    ],
)
def test_a_setting_of_another_form_opens_nothing(setting: str) -> None:
    with pytest.raises(ValueError, match="not hosts"):
        MediaHosts.of(setting)
