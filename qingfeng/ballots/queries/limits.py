"""Settings of the ballots."""

from __future__ import annotations

from qingfeng.core import preferences

PASSPHRASE_LENGTH = preferences.declare(
    "ballot_passphrase_length",
    "票箱保管口令最短长度",
    12,
    group="无记名测评",
    help="口令遗失则本次测评作废；口令过短，取得数据库备份的人可以逐个试出",
    minimum=10,
    maximum=64,
)

ADDRESS = preferences.declare(
    "ballot_address",
    "投票网址",
    "",
    group="无记名测评",
    help="印在测评码纸条和二维码里，如 https://pj.example.gov.cn；不填就用打印时浏览器里的网址",
    basis="本机关自定",
)
