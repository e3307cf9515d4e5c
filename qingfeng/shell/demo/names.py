"""Invented names for the demo city: drawn from two short lists by a fixed seed, all of them different."""

from __future__ import annotations

import random
from collections.abc import Iterator

SURNAMES = "安柏常程邓范顾郝贺简江康孔黎梁林陆骆孟牟倪宁欧潘裴齐秦邱任阮邵沈石史宋苏谭唐陶童万汪温文邬奚夏萧谢辛邢徐许薛严颜姚叶殷尤于余虞元袁岳云翟詹章赵郑钟周朱祝庄卓邹"  # noqa: E501
FIRST = "清景怀思明远承嘉若维子文德永启念慕正书云知行立淑秋雨静安晓长"
SECOND = "远川和宁舟岚禾屏溪松柏原桥塘渠亭野田林峰岩泉澄恒安瑞成"


def people(seed: str) -> Iterator[str]:
    """Yield names without repeating one; the same seed gives the same names."""
    chosen = random.Random(seed)  # noqa: S311 -- names of a stage, not secrets
    seen = set()
    while True:
        name = chosen.choice(SURNAMES) + chosen.choice(FIRST) + chosen.choice(SECOND)
        if name not in seen:
            seen.add(name)
            yield name
