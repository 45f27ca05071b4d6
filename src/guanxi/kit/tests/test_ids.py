from guanxi.kit.ids import key_id


def test_the_same_key_of_the_same_source_is_always_the_same():
    assert str(key_id("shop", "order-1")) == str(key_id("shop", "order-1"))
    assert key_id("shop", "order-1") != key_id("shop", "order-2")


def test_source_and_key_do_not_run_together():
    assert key_id("a", "bc") != key_id("ab", "c")
