"""Names of branches, people, companies and projects, Chinese and English. Every one of them is invented."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nightdesk_lab.demo_bank.frames import Bools, Coded, Ints

#: (Chinese, English, region, language)
BRANCHES = (
    ("滨江支行", "Riverside Branch", "华东", "zh_CN"),
    ("高新区支行", "High-Tech Zone Branch", "华东", "zh_CN"),
    ("港城支行", "Harbour City Branch", "华东", "zh_CN"),
    ("国际金融中心支行", "International Finance Centre Branch", "华东", "en"),
    ("云岭支行", "Yunling Branch", "西南", "zh_CN"),
    ("锦官支行", "Jinguan Branch", "西南", "zh_CN"),
    ("长风支行", "Changfeng Branch", "华北", "zh_CN"),
    ("自贸区支行", "Free Trade Zone Branch", "华南", "en"),
    ("珠岛支行", "Pearl Isle Branch", "华南", "zh_CN"),
    ("江汉支行", "Jianghan Branch", "华中", "zh_CN"),
    ("雁塔支行", "Yanta Branch", "西北", "zh_CN"),
    ("北塔支行", "North Tower Branch", "东北", "zh_CN"),
)

_CITIES = (
    ("江城", "Jiangcheng"),
    ("滨海", "Binhai"),
    ("云州", "Yunzhou"),
    ("临港", "Lingang"),
    ("青川", "Qingchuan"),
    ("东宁", "Dongning"),
    ("南岭", "Nanling"),
    ("西陵", "Xiling"),
    ("北原", "Beiyuan"),
    ("平阳", "Pingyang"),
    ("锦川", "Jinchuan"),
    ("石桥", "Shiqiao"),
    ("海宁", "Haining"),
    ("白沙", "Baisha"),
    ("龙泉", "Longquan"),
    ("安澜", "Anlan"),
    ("华亭", "Huating"),
    ("清河", "Qinghe"),
    ("金塔", "Jinta"),
    ("昌平", "Changping"),
)

_SYLLABLES = (
    ("鑫", "Xin"),
    ("瑞", "Rui"),
    ("宏", "Hong"),
    ("泰", "Tai"),
    ("恒", "Heng"),
    ("盛", "Sheng"),
    ("德", "De"),
    ("信", "Xin"),
    ("嘉", "Jia"),
    ("达", "Da"),
    ("远", "Yuan"),
    ("博", "Bo"),
    ("科", "Ke"),
    ("禾", "He"),
    ("润", "Run"),
    ("丰", "Feng"),
    ("源", "Yuan"),
    ("隆", "Long"),
    ("诚", "Cheng"),
    ("和", "He"),
    ("明", "Ming"),
    ("启", "Qi"),
    ("众", "Zhong"),
    ("联", "Lian"),
    ("光", "Guang"),
    ("辉", "Hui"),
    ("凯", "Kai"),
    ("森", "Sen"),
    ("立", "Li"),
    ("新", "Xin"),
    ("腾", "Teng"),
    ("中", "Zhong"),
    ("锐", "Rui"),
    ("景", "Jing"),
    ("航", "Hang"),
    ("尚", "Shang"),
    ("美", "Mei"),
    ("安", "An"),
    ("元", "Yuan"),
    ("通", "Tong"),
)

_SURNAMES = (
    ("王", "Wang"),
    ("李", "Li"),
    ("张", "Zhang"),
    ("刘", "Liu"),
    ("陈", "Chen"),
    ("杨", "Yang"),
    ("赵", "Zhao"),
    ("黄", "Huang"),
    ("周", "Zhou"),
    ("吴", "Wu"),
    ("徐", "Xu"),
    ("孙", "Sun"),
    ("胡", "Hu"),
    ("朱", "Zhu"),
    ("高", "Gao"),
    ("林", "Lin"),
    ("何", "He"),
    ("郭", "Guo"),
    ("马", "Ma"),
    ("罗", "Luo"),
    ("欧阳", "Ouyang"),
)

_GIVEN = (
    ("建国", "Jianguo"),
    ("志强", "Zhiqiang"),
    ("丽华", "Lihua"),
    ("晓燕", "Xiaoyan"),
    ("伟", "Wei"),
    ("芳", "Fang"),
    ("敏", "Min"),
    ("静", "Jing"),
    ("海涛", "Haitao"),
    ("雪梅", "Xuemei"),
    ("俊杰", "Junjie"),
    ("思远", "Siyuan"),
    ("雨桐", "Yutong"),
    ("子涵", "Zihan"),
    ("明轩", "Mingxuan"),
    ("佳怡", "Jiayi"),
    ("文博", "Wenbo"),
    ("立新", "Lixin"),
    ("秋月", "Qiuyue"),
    ("国栋", "Guodong"),
    ("嘉诚", "Jiacheng"),
    ("慧", "Hui"),
    ("磊", "Lei"),
    ("楠", "Nan"),
    ("振华", "Zhenhua"),
)

_LEGAL = (("有限公司", "Co., Ltd."), ("有限责任公司", "LLC"), ("股份有限公司", "Corp."))

_CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def _pick(pairs: "tuple[tuple[str, str], ...]", codes: Ints, english: Bools) -> pa.Array:
    both = pa.array([zh for zh, _ in pairs] + [en for _, en in pairs])
    return both.take(pa.array(codes % len(pairs) + np.where(english, len(pairs), 0)))


def spoken(pairs: Sequence[tuple[str, str]], codes: Ints, english: Bools) -> Coded:
    """Text by its position in a list of (Chinese, English), in the language of each row; a negative one is null."""
    both = [zh for zh, _ in pairs] + [en for _, en in pairs]
    return Coded(both, np.where(codes < 0, codes, codes + np.where(english, len(pairs), 0)))


def said(pair: tuple[str, str], english: Bools) -> Coded:
    """One text in the language of each row."""
    return spoken([pair], np.zeros(len(english), dtype=np.int64), english)


def people(random: np.random.Generator, english: Bools) -> tuple[pa.Array, pa.Array]:
    """Full names and short names of persons; English order and spelling where `english`."""
    size = len(english)
    surname = _pick(_SURNAMES, random.integers(0, len(_SURNAMES), size), english)
    given = _pick(_GIVEN, random.integers(0, len(_GIVEN), size), english)
    latin = pa.array(english)
    full = pc.if_else(
        latin,
        pc.binary_join_element_wise(given, surname, " "),
        pc.binary_join_element_wise(surname, given, ""),
    )
    short = pc.if_else(
        latin,
        pc.binary_join_element_wise(pc.utf8_slice_codeunits(given, 0, 1), surname, ". "),
        pc.binary_join_element_wise(surname, "某", ""),
    )
    return full, short


def companies(
    random: np.random.Generator, industries: tuple[tuple[str, str], ...], industry: Ints, english: Bools
) -> tuple[pa.Array, pa.Array]:
    """Full names and short names of companies of the given industries (positions in `industries`)."""
    size = len(english)
    latin = pa.array(english)
    city = _pick(_CITIES, random.integers(0, len(_CITIES), size), english)
    brand = pc.binary_join_element_wise(
        _pick(_SYLLABLES, random.integers(0, len(_SYLLABLES), size), english),
        pc.if_else(
            latin,
            pc.utf8_lower(_pick(_SYLLABLES, random.integers(0, len(_SYLLABLES), size), english)),
            _pick(_SYLLABLES, random.integers(0, len(_SYLLABLES), size), np.zeros(size, dtype=np.bool_)),
        ),
        "",
    )
    trade = _pick(industries, industry, english)
    legal = _pick(_LEGAL, random.choice(len(_LEGAL), size, p=[0.78, 0.14, 0.08]), english)
    space = pc.if_else(latin, " ", "")
    full = pc.binary_join_element_wise(city, space, brand, space, trade, space, legal, "")
    return full, pc.binary_join_element_wise(city, space, brand, "")


def credit_codes(numbers: Ints) -> pa.Array:
    """Unified social credit codes with a right check character, one per number."""
    body = np.empty((len(numbers), 17), dtype=np.int64)
    body[:, :2] = (9, 1)
    rest = numbers * 2_654_435_761 % (10**15)
    for place in range(16, 1, -1):
        body[:, place] = rest % 10
        rest //= 10
    check = (31 - body @ np.array(_CODE_WEIGHTS) % 31) % 31
    signs = np.array(list(_CODE_SIGNS))[np.column_stack([body, check])]
    return pa.array(["".join(row) for row in signs.tolist()])
