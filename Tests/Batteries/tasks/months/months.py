def days(month):
    return 28 if month == 2 else 30 + (month + month // 8) % 2
