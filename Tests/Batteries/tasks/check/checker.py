def check(is_leap):
    for year in [1996, 2000, 2024]:
        assert is_leap(year) is True
    for year in [1900, 2023, 2100]:
        assert is_leap(year) is False
