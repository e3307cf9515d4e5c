from __future__ import annotations

import json
import re

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template

from qingfeng.core.templatetags import ui
from qingfeng.shell.gallery import samples


def render(source: str, **given: object) -> str:
    return " ".join(Template(source).render(Context(given)).split())


@pytest.mark.parametrize(
    ("days", "done", "tone", "words"),
    [
        (-3, False, "late", "逾期 3 天"),
        (0, False, "soon", "今天到期"),
        (7, False, "soon", "还剩 7 天"),
        (8, False, "ok", "还剩 8 天"),
        (None, False, "none", "无期限"),
        (-3, True, "done", "已办结"),
    ],
)
def test_deadline_says_how_far_it_is(days: int | None, done: bool, tone: str, words: str) -> None:
    assert ui.deadline_words(days, done=done) == {"tone": tone, "words": words}


def test_deadline_in_working_days_says_so() -> None:
    assert ui.deadline_words(-2, working=True)["words"] == "逾期 2 个工作日"


def test_grade_takes_code_or_name() -> None:
    shown = render("{% grade 'fair' %}|{% grade '一般' %}|{% grade '' %}")
    by_code, by_name, none = (part.strip() for part in shown.split("|"))

    assert by_code == by_name == '<span class="qf-tag qf-grade qf-tag-warn">一般</span>'
    assert "未定等次" in none


def test_action_refused_stays_visible_and_says_why() -> None:
    html = render("{% action '受理' '/x/' why='不得受理本人登记的案件。' primary=True %}")

    assert "disabled" in html
    assert "不得受理本人登记的案件。" in html
    assert "/x/" not in html


def test_action_by_post_carries_the_token_and_the_question() -> None:
    html = render("{% action '公布' '/x/' method='post' confirm='不能撤回。' %}", csrf_token="t0ken")

    assert '<form method="post" action="/x/">' in html
    assert 'value="t0ken"' in html
    assert 'data-confirm="不能撤回。"' in html


def test_chart_data_cannot_end_its_script() -> None:
    data = {"own": {"name": "</script><script>alert(1)</script>"}}

    html = render("{% chart 'radar' data '五个方面' %}<table></table>{% endchart %}", data=data)
    source = re.search(r'<script type="application/json">(.*?)</script>', html)

    assert html.count("</script>") == 1
    assert source is not None
    assert json.loads(source[1]) == data


def test_page_head_escapes_what_people_wrote() -> None:
    html = render("{% pagehead title %}{% endpagehead %}", title="<b>云溪镇</b>")

    assert "&lt;b&gt;云溪镇" in html
    assert "qf-actions" not in html


def test_list_head_turns_the_sort_round() -> None:
    html = render("{% list_head listing %}", listing=samples.listing(QueryDict("q=镇&page=2")))

    assert 'aria-sort="descending"> <a class="qf-sort" href="?q=%E9%95%87&amp;sort=score">得分</a>' in html
    assert 'href="?q=%E9%95%87&amp;sort=unit"' in html


def test_filter_bar_keeps_the_sort_and_posts_the_export() -> None:
    listing = samples.listing(QueryDict("sort=-unit&q=镇"))

    html = render(
        "{% filter_bar listing search='单位' export='/x/export/' %}", listing=listing, csrf_token="t"
    )

    assert '<input type="hidden" name="sort" value="-unit">' in html
    assert 'method="post" action="/x/export/?sort=-unit&amp;q=%E9%95%87"' in html


def test_pager_of_one_page_shows_only_the_count() -> None:
    html = render("{% pager listing '个单位' %}", listing=samples.empty_listing())

    assert "共 0 个单位" in html
    assert "下一页" not in html


def test_job_stops_asking_when_it_is_over() -> None:
    running = render("{% job 'running' '试算' 1 2 url='/jobs/1/' %}")
    over = render("{% job 'done' '试算' 2 2 url='/jobs/1/' result_url='/r/' result_label='看结果' %}")

    assert 'hx-get="/jobs/1/"' in running
    assert "hx-get" not in over
    assert '<a href="/r/">看结果</a>' in over


class OneField(forms.Form):
    reason = forms.CharField(label="理由", help_text="写明依据。")
    groups = forms.MultipleChoiceField(
        label="类别", choices=[("a", "镇街")], widget=forms.CheckboxSelectMultiple
    )


def test_form_ties_fault_and_help_to_their_field() -> None:
    html = " ".join(str(OneField({})).split())

    described = re.search(r'<textarea|<input[^>]*name="reason"[^>]*aria-describedby="([^"]*)"', html)
    assert described is not None
    for name in described[1].split():
        assert f'id="{name}"' in html
    assert '<ul class="qf-error" id="id_reason_error"><li>这一项没有填。</li></ul>' in html
    assert "<legend>类别" in html


def test_form_without_faults_shows_none() -> None:
    html = str(OneField({"reason": "有文号", "groups": ["a"]}))

    assert "qf-error" not in html
    assert 'value="有文号"' in html
