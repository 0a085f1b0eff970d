"""Keys that the data needs: a start without one, or with another one, stops with a sentence."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from core.models import KeyInUse
from files.at_rest.key_ring import require_all_keys
from tests.files.at_rest.test_sealing import key

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_noted(db: None) -> None:
    """A portal that ran beside another test may have noted the keys of the tests."""
    KeyInUse.objects.all().delete()


def test_the_first_start_notes_every_key_that_is_set(settings: Any) -> None:
    """Data from before may need any of them."""
    settings.FIELD_KEYS = f"k2:{key('b')},k1:{key('a')}"
    settings.FILE_KEYS = f"f1:{key('c')}"
    require_all_keys()
    assert set(KeyInUse.objects.values_list("kind", "key_id")) == {
        ("field", "k1"), ("field", "k2"), ("file", "f1"), ("hash", "HASH_KEY"),
    }  # fmt: skip
    # No row holds a key, or what would open anything.
    assert key("a") not in str(list(KeyInUse.objects.values()))


def test_later_only_a_key_that_writes_is_added(settings: Any) -> None:
    settings.FIELD_KEYS = f"k1:{key('a')}"
    require_all_keys()
    settings.FIELD_KEYS = f"k1:{key('a')},k0:{key('z')}"
    require_all_keys()
    fields = KeyInUse.objects.filter(kind="field")
    assert [row.key_id for row in fields] == ["k1"]
    settings.FIELD_KEYS = f"k2:{key('b')},k1:{key('a')}"
    require_all_keys()
    assert [row.key_id for row in fields.all()] == ["k1", "k2"]


@pytest.mark.parametrize("setting", ["FIELD_KEYS", "FILE_KEYS"])
def test_a_missing_key_is_named_with_its_setting(settings: Any, setting: str) -> None:
    setattr(settings, setting, f"old:{key('a')}")
    require_all_keys()
    setattr(settings, setting, f"new:{key('b')}")
    with pytest.raises(ImproperlyConfigured) as found:
        require_all_keys()
    assert str(found.value).startswith(
        f"数据是用密钥“old”加密的，{setting} 里没有（现有“new”）。请补上后再启动"
    )


@pytest.mark.parametrize("setting", ["FIELD_KEYS", "FILE_KEYS"])
def test_another_key_under_the_same_name_is_found_out(settings: Any, setting: str) -> None:
    setattr(settings, setting, f"k1:{key('a')}")
    require_all_keys()
    setattr(settings, setting, f"k1:{key('b')}")
    with pytest.raises(ImproperlyConfigured, match=f"{setting} 中的密钥“k1”不是加密数据时所用"):
        require_all_keys()


def test_another_hash_key_is_found_out(settings: Any) -> None:
    """With it nobody would be found any more, and nothing would say why."""
    require_all_keys()
    settings.HASH_KEY = key("q")
    with pytest.raises(ImproperlyConfigured, match="HASH_KEY 中的密钥“HASH_KEY”不是"):
        require_all_keys()


def test_it_costs_a_few_queries_however_much_there_is(
    settings: Any, django_assert_max_num_queries: Any
) -> None:
    require_all_keys()
    with django_assert_max_num_queries(4):
        require_all_keys()
