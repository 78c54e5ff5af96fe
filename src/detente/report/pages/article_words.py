"""The article page's own words in Chinese, each by its English original."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from detente.argument.article_blocks import Language

NAMES: Mapping[Language, str] = MappingProxyType(
    {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
)
"""The languages of pages by tag, each as its readers call it."""
_CATALOGUE = {"zh-Hans": "zh_CN", "zh-Hant": "zh_TW"}  # as pycountry names its translations

# English: (Simplified, Traditional). Braces are filled in afterwards and are the same in all three.
_WORDS: dict[str, tuple[str, str]] = {
    "Skip to the article": ("跳到正文", "跳到正文"),
    "Language": ("语言", "語言"),
    "Source:": ("来源：", "來源："),
    "events known by {day}": ("所据事件截至{day}", "所據事件截至{day}"),
    "¶ {numbers}": ("第{numbers}段", "第{numbers}段"),
    ", ": ("、", "、"),
    "Claims of paragraph {number}": ("第{number}段的论断", "第{number}段的論斷"),
    "{one} and {other}: their acts on each other, year by year": (
        "{one}与{other}之间的行动，逐年统计",
        "{one}與{other}之間的行動，逐年統計",
    ),
    "{year}: {force} of force, {hostile} other hostile, {friendly} friendly": (
        "{year}年：武力{force}，其他敌对{hostile}，友好{friendly}",
        "{year}年：武力{force}，其他敵對{hostile}，友好{friendly}",
    ),
    "Grey years are not covered.": ("灰色的年份未收录。", "灰色的年份未收錄。"),
    "{year}: not covered": ("{year}年：未收录", "{year}年：未收錄"),
    "force": ("武力", "武力"),
    "other hostile acts": ("其他敌对行动", "其他敵對行動"),
    "friendly acts and talks": ("友好行动与会谈", "友好行動與會談"),
    "Hostile acts go up, friendly ones down; the largest bar stands for {most}. Behind the line, "
    "from {day} on, lies what happened "
    "later: only outcomes on this page use it. Years are not covered equally well.": (
        (
            "敌对行动向上，友好行动向下；最长的一条代表{most}起。竖线之后，即{day}起，是后来发生的事："
            "本页只有结果一项用到它们。各年份的收录详略不一。"
        ),
        (
            "敵對行動向上，友好行動向下；最長的一條代表{most}起。直線之後，即{day}起，是後來發生的事："
            "本頁只有結果一項用到它們。各年份的收錄詳略不一。"
        ),
    ),
    "Further claims": ("其他论断", "其他論斷"),
    "Claims of this argument that no paragraph above makes.": (
        "该论证的其他论断，上文各段均未提出。",
        "該論證的其他論斷，上文各段均未提出。",
    ),
    "Questions that the argument asks": ("该论证提出的问题", "該論證提出的問題"),
    "How to read the margin": ("怎样阅读页边", "如何閱讀頁邊"),
    "Each claim has a verdict, a number, and in brackets the interval of that number: 90 % of the "
    "posterior or of draws, for a chance "
    "its Monte Carlo error, for a zone of agreement 95 %.": (
        (
            "每项论断都有一个结论、一个数值，括号内是该数值的区间：后验或抽样的90 %，概率则为其蒙特卡罗误差，"
            "协议空间为95 %。"
        ),
        (
            "每項論斷都有一個結論、一個數值，括號內是該數值的區間：後驗或抽樣的90 %，機率則為其蒙地卡羅誤差，"
            "協議空間為95 %。"
        ),
    ),
    "No power means that these events could hardly show the effect if it were there, so that they "
    "neither support nor contradict the "
    "claim.": (
        "“检验力不足”是指，即使该效应存在，这些事件也难以将它显示出来，因此既不支持也不反驳该论断。",
        "「檢定力不足」是指，即使該效應存在，這些事件也難以將它顯示出來，因此既不支持也不反駁該論斷。",
    ),
    "The verdict of a forecast is what happened, whatever chance the words gave it.": (
        "预测的结论取决于后来实际发生的事，不论文字当初给出多大的可能。",
        "預測的結論取決於後來實際發生的事，不論文字當初給出多大的可能。",
    ),
    "The claims were not judged for this page.": ("本页未对各项论断作出检验。", "本頁未對各項論斷做出檢驗。"),
    "You might also like": ("相关内容", "相關內容"),
    "Earlier days like {day}": ("与{day}相似的往日", "與{day}相似的往日"),
    "The earlier days on which both sides remembered most nearly the same acts of the other as on that day. The "
    "distance is a root mean square difference of these memories, in standard deviations.": (
        "在这些日子，双方对彼此行动的记忆与当日最为接近。距离是这些记忆之差的均方根，以标准差计。",
        "在這些日子，雙方對彼此行動的記憶與當日最為接近。距離是這些記憶之差的均方根，以標準差計。",
    ),
    "Whether what followed says more than a base rate was not measured: read them as examples.": (
        "其后发展是否比基准率更有预测力，尚未测量：请仅作为实例阅读。",
        "其後發展是否比基準率更有預測力，尚未測量：請僅作為實例閱讀。",
    ),
    "As forecasts of {cases} past questions they scored {brier} (Brier; lower is better), the better base rate "
    "{base}: they do better.": (
        "用作对{cases}个以往问题的预测，其布里尔分数为{brier}（越低越好），较优的基准率为{base}：前者更好。",
        "用作對{cases}個以往問題的預測，其布萊爾分數為{brier}（越低越好），較佳的基準率為{base}：前者更好。",
    ),
    "As forecasts of {cases} past questions they scored {brier} (Brier; lower is better), the better base rate "
    "{base}: they do not beat it. Read them as examples.": (
        (
            "用作对{cases}个以往问题的预测，其布里尔分数为{brier}（越低越好），较优的基准率为{base}："
            "并未胜过基准率。请仅作为实例阅读。"
        ),
        (
            "用作對{cases}個以往問題的預測，其布萊爾分數為{brier}（越低越好），較佳的基準率為{base}："
            "並未勝過基準率。請僅作為實例閱讀。"
        ),
    ),
    "Crises like the one of {day}": ("与{day}危机相似的国际危机", "與{day}危機相似的國際危機"),
    "From International Crisis Behavior, by the features that were known when they began.": (
        "取自国际危机行为数据（ICB），按危机开始时已知的特征比对。",
        "取自國際危機行為資料（ICB），按危機開始時已知的特徵比對。",
    ),
    "began {day}; similarity {similarity}": (
        "始于{day}；相似度{similarity}",
        "始於{day}；相似度{similarity}",
    ),
    "over within {months} months": ("{months}个月内结束", "{months}個月內結束"),
    "not over within {months} months": ("{months}个月内尚未结束", "{months}個月內尚未結束"),
    "outcome: {outcome}": ("结局：{outcome}", "結局：{outcome}"),
    "formal agreement": ("正式协议", "正式協議"),
    "semi-formal agreement": ("半正式协议", "半正式協議"),
    "tacit understanding": ("默契", "默契"),
    "unilateral act": ("单方面行动", "單方面行動"),
    "imposed": ("强加的解决", "強加的解決"),
    "other": ("其他", "其他"),
    "faded": ("逐渐平息", "逐漸平息"),
    "; ": ("；", "；"),
    "distance {distance}": ("距离{distance}", "距離{distance}"),
    "{months} months after: {acts}": ("此后{months}个月：{acts}", "此後{months}個月：{acts}"),
    "no act on record": ("没有记录在案的行动", "沒有記錄在案的行動"),
    "known deaths {deaths}": ("已知死亡{deaths}人", "已知死亡{deaths}人"),
    "talks or an accord": ("有会谈或协议", "有會談或協議"),
    "no talks": ("没有会谈", "沒有會談"),
    "Other arguments about this rivalry": ("关于这一敌对关系的其他论证", "關於這一敵對關係的其他論證"),
    "Other rivalries": ("其他敌对关系", "其他敵對關係"),
    "Back to top": ("返回顶部", "回到頂端"),
    "Détente does not prove causes, and most of what it prints about few events rests on the "
    "argument's priors. It is not for targeting, "
    "warning or decisions in a crisis.": (
        (
            "Détente不证明因果。在事件稀少之处，它所给出的结果大多取决于论证的先验。不得用于选定打击目标、"
            "预警或危机中的决策。"
        ),
        (
            "Détente不證明因果。在事件稀少之處，它所給出的結果大多取決於論證的先驗。不得用於選定打擊目標、"
            "預警或危機中的決策。"
        ),
    ),
    "Texts that nobody has translated are shown in the language in which they were written.": (
        "尚无译文的文字以原文显示。",
        "尚無譯文的文字以原文顯示。",
    ),
    "data {digest}": ("数据{digest}", "資料{digest}"),
    # verdicts
    "recorded": ("有记录", "有紀錄"),
    "missing": ("无记录", "無紀錄"),
    "no power": ("检验力不足", "檢定力不足"),
    "supported": ("得到支持", "獲得支持"),
    "contradicted": ("与事件相悖", "與事件相悖"),
    "negligible": ("可以忽略", "可以忽略"),
    "silent": ("事件未予回答", "事件未予回答"),
    "not testable": ("无法检验", "無法檢驗"),
    "not computable": ("无法计算", "無法計算"),
    "complete": ("齐备", "齊備"),
    "incomplete": ("不全", "不全"),
    "coming": ("尚未实现", "尚未實現"),
    "came true": ("应验", "應驗"),
    "failed": ("落空", "落空"),
    "ambiguous": ("含混不明", "含混不明"),
    "not yet": ("尚未到期", "尚未到期"),
    "cannot fail": ("不可能落空", "不可能落空"),
    "level": ("不相上下", "不相上下"),
    "heavier on {actor}": ("{actor}一方更重", "{actor}一方更重"),
    "rank {rank} of {count}": ("{count}方中列第{rank}", "{count}方中列第{rank}"),
    "open": ("存在协议空间", "存在協議空間"),
    "empty": ("没有协议空间", "沒有協議空間"),
    "joint loss": ("双方皆有所失", "雙方皆有所失"),
    "no joint loss": ("并非双方皆失", "並非雙方皆失"),
    "in the data": ("数据中可见", "資料中可見"),
    "against": ("与数据相反", "與資料相反"),
    "assumption": ("仍属假定", "仍屬假定"),
    # what the number of a claim is
    "{low} to {high}": ("{low}至{high}", "{low}至{high}"),
    "share of the acts on record": ("有记录的行动所占份额", "有紀錄的行動所占份額"),
    "effect on the log of a daily rate": ("对日发生率对数的效应", "對日發生率對數的效應"),
    "effect on the log odds of a graver act": (
        "对行动更趋严重之对数胜算的效应",
        "對行動更趨嚴重之對數勝算的效應",
    ),
    "chance in the model": ("模型给出的概率", "模型給出的機率"),
    "stock of {other} over that of {one}": ("{other}与{one}积怨之比", "{other}與{one}積怨之比"),
    "chance of a zone of agreement": ("存在协议空间的概率", "存在協議空間的機率"),
    "left on the table by both, as a share of what a side has at stake": (
        "双方放弃的收益，占一方利害的份额",
        "雙方放棄的收益，占一方利害的份額",
    ),
    "added to the log hazard of an accord by both steps together": (
        "两步并行对达成协议之对数风险率的附加效应",
        "兩步並行對達成協議之對數風險率的附加效應",
    ),
    "change in the chance of an accord": ("达成协议概率的变化", "達成協議機率的變化"),
    "share of the page's parts": ("页面各部分已具备的份额", "頁面各部分已具備的份額"),
    "related pieces": ("相关内容的篇数", "相關內容的篇數"),
    "rank among third parties": ("在第三方中的名次", "在第三方中的名次"),
    # classes of acts
    "verbal-cooperation": ("言语合作", "言語合作"),
    "material-cooperation": ("实际合作", "實際合作"),
    "verbal-conflict": ("言语冲突", "言語衝突"),
    "material-conflict": ("实际冲突", "實際衝突"),
    "pressure": ("施压", "施壓"),
    "joint": ("会谈与协议", "會談與協議"),
}


def page_words(language: Language) -> Callable[[str], str]:
    """Return what gives the page's own words in a language, by their English; unknown words stay as they are.

    Examples
    --------
    >>> say = page_words("zh-Hant")
    >>> say("Back to top"), page_words("en")("Back to top")
    ('回到頂端', 'Back to top')
    """
    return partial(_word, language)


def _word(language: Language, english: str) -> str:
    found = _WORDS.get(english)
    if found is None or language == "en":
        return english
    return found[0] if language == "zh-Hans" else found[1]


def written_day(day: date, language: Language) -> str:
    """Write a day out in a language.

    Examples
    --------
    >>> from datetime import date
    >>> written_day(date(2020, 1, 17), "en"), written_day(date(2020, 1, 17), "zh-Hant")
    ('17 January 2020', '2020年1月17日')
    """
    english = f"{day.day} {day:%B} {day.year}"
    return english if language == "en" else f"{day.year}年{day.month}月{day.day}日"


def country_in(name: str, language: Language) -> str:
    """Return a state's name in a language, by its English name; unknown names stay as they are.

    Examples
    --------
    >>> (
    ...     country_in("Iran", "zh-Hans"),
    ...     country_in("Saudi Arabia", "zh-Hant"),
    ...     country_in("Nowhere", "zh-Hans"),
    ... )
    ('伊朗', '沙烏地阿拉伯', 'Nowhere')
    """
    return name if language == "en" else _states(language).gettext(name)


@cache
def _states(language: Language) -> gettext.NullTranslations:
    from pycountry import LOCALES_DIR

    return gettext.translation("iso3166-1", LOCALES_DIR, languages=[_CATALOGUE[language]])
