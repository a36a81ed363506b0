def in_stock(items: list[dict]) -> list[dict]:
    return [item for item in items if item["quantity"] > 0]
