def check(is_leap, rule):
    text = rule()
    for word in ("fourth", "hundredth"):
        assert word in text
    assert "Gregorian" in text
    assert is_leap(2000) and not is_leap(1900)
