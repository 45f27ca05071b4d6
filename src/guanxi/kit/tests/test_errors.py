import pytest
from django.utils.translation import override

from guanxi.kit.dates import BadDate, parse_date
from guanxi.kit.errors import BadInput


def test_a_refusal_speaks_the_language_of_whoever_reads_it():
    with pytest.raises(BadInput) as refused:
        parse_date("2023-02-29")
    with override("en"):
        assert str(refused.value) == "“2023-02-29” is a day that does not exist."
    with override("zh-hans"):
        assert refused.value.message == "“2023-02-29”这一天并不存在。"
    assert isinstance(refused.value, BadDate)
    assert repr(refused.value) == "BadDate('date_impossible')"
