"""The words of a verification, the same on the page and in the command."""

from __future__ import annotations

from qingfeng.audit.chain import Break, Verdict

FAULTS = {
    Break.ALTERED: "内容与封存时不一致",
    Break.REMOVED: "已被删除",
    Break.INSERTED: "是事后插入的，没有封存",
    Break.REORDERED: "与相邻记录的次序被调换",
    Break.TRUNCATED: "与已导出的链首不一致：其后的记录被截断，或者重新封存过",
}


def verdict_sentence(verdict: Verdict) -> str:
    """Say the outcome in one sentence, with the first place that is wrong."""
    waiting = f"另有 {verdict.waiting} 条等待封存。" if verdict.waiting else ""
    if verdict.broken is None:
        return f"校验通过：{verdict.links} 条记录完整、次序未变。{waiting}"
    if verdict.broken is Break.INSERTED:
        where = f"编号 {verdict.entry_id} 的记录"
    elif verdict.entry_id:
        where = f"封存序号 {verdict.sequence}（记录编号 {verdict.entry_id}）"
    else:
        where = f"封存序号 {verdict.sequence} 起"
    return f"校验不通过：{where}{FAULTS[verdict.broken]}。此前 {verdict.links} 条完整。{waiting}"
