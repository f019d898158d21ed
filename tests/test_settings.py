"""All that is wrong with the settings is said at once, in words of the person who set them."""

from pathlib import Path

import pytest

from directory.errors import Unusable
from directory.settings import Settings, load


def test_without_anything_the_defaults_hold() -> None:
    settings = load({})
    assert settings == Settings()
    assert settings.database == Path("data/directory.sqlite3")
    assert settings.highwater_file == Path("data/highwater")
    assert (settings.contact_days, settings.line_days, settings.requirement_days) == (120, 30, 365)


def test_every_setting_is_taken() -> None:
    settings = load(
        {
            "DIRECTORY_DATA": "/srv/data",
            "DIRECTORY_HOST": "0.0.0.0",  # noqa: S104
            "DIRECTORY_PORT": "9000",
            "DIRECTORY_BASE_URL": "https://directory.example/",
            "DIRECTORY_ORIGIN": "directory.example/log",
            "DIRECTORY_HIGHWATER": "/mnt/mark",
            "DIRECTORY_READERS": "5",
            "DIRECTORY_ALLOWED_HOSTS": "Directory.example, www.directory.example",
            "DIRECTORY_CONTACT_DAYS": "100",
            "DIRECTORY_LINE_DAYS": "20",
            "DIRECTORY_REQUIREMENT_DAYS": "300",
            "PATH": "/bin",
        }
    )
    assert settings == Settings(
        data=Path("/srv/data"), host="0.0.0.0", port=9000, base_url="https://directory.example",  # noqa: S104
        origin="directory.example/log", highwater=Path("/mnt/mark"), readers=5,
        allowed_hosts=("directory.example", "www.directory.example"),
        contact_days=100, line_days=20, requirement_days=300,
    )  # fmt: skip
    assert settings.highwater_file == Path("/mnt/mark")


def test_the_option_goes_before_the_variable() -> None:
    assert load({"DIRECTORY_DATA": "/srv/data"}, Path("here")).data == Path("here")


@pytest.mark.parametrize(("host", "url"), [("127.0.0.1", "http://127.0.0.1:9000"), ("::1", "http://[::1]:9000")])
def test_the_address_follows_host_and_port_unless_it_is_set(host: str, url: str) -> None:
    assert load({"DIRECTORY_HOST": host, "DIRECTORY_PORT": "9000"}).base_url == url


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(Unusable) as caught:
        load({"DIRECTORY_PORT": "http", "DIRECTORY_READERS": "0", "DIRECTORY_PROT": "1", "DIRECTORY_HOST": " "})
    lines = caught.value.message.splitlines()
    assert lines == [
        "The settings can't be used:",
        "  - DIRECTORY_PORT='http': it must be a whole number from 1 to 65535.",
        "  - DIRECTORY_READERS='0': it must be a whole number from 1 to 32.",
        "  - DIRECTORY_PROT is not a setting; did you mean DIRECTORY_PORT?",
        "  - DIRECTORY_HOST=' ': it is empty; take the variable away to get the default.",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "1.5"),
        ("PORT", "²"),
        ("BASE_URL", "directory.example"),
        ("BASE_URL", "ftp://directory.example"),
        ("BASE_URL", "https://user:word@directory.example"),
        ("BASE_URL", "https://directory.example?x=1"),
        ("BASE_URL", "https://directory.example:99999"),
        ("BASE_URL", "https://[::1"),
        ("BASE_URL", "https://directory example"),
        ("ORIGIN", "https://directory.example"),
        ("ORIGIN", "a b"),
        ("ORIGIN", "a+b"),
        ("CONTACT_DAYS", "0"),
        ("UNHEARD_OF", "1"),
    ],
)
def test_refused(name: str, value: str) -> None:
    with pytest.raises(Unusable, match=rf"  - DIRECTORY_{name}"):
        load({f"DIRECTORY_{name}": value})
