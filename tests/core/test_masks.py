import pytest

from core.masks import mask_card, mask_id_number, mask_name, mask_passport, mask_phone


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (mask_id_number, "11010519491231002X", "110***********002X"),
        (mask_phone, "13812345678", "138****5678"),
        (mask_card, "C12345678", "*****5678"),
        (mask_card, "1234", "****"),
        (mask_phone, "02358123456", "023****3456"),
        (mask_passport, "EA1234567", "EA*****67"),
        (mask_name, "张三", "张*"),
        (mask_name, "张三丰", "张*丰"),
        (mask_name, "欧阳小明", "欧**明"),
        (mask_name, "张", "张*"),
        (mask_name, "", ""),
        (mask_phone, "1234567", "*******"),
        (mask_id_number, "", ""),
    ],
)
def test_a_mask_keeps_only_the_ends(mask, value, shown):
    assert mask(value) == shown
