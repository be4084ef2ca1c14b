# ruff: noqa: E501 - tables of words, and CJK is counted double
"""Words that change what a sentence claims, English (lemmas) and Chinese. Data only."""

from __future__ import annotations

from typing import Final

# --- certainty -----------------------------------------------------------------------------------
MODALS: Final[dict[str, str]] = {
    **dict.fromkeys(("will", "'ll", "’ll", "wo", "shall", "would", "'d"), "will"),
    **dict.fromkeys(("may", "might", "could"), "may"),
    **dict.fromkeys(("should", "must", "ought", "need"), "urged"),
}
PLANS: Final[dict[str, str]] = {
    **dict.fromkeys(
        """plan intend hope aim want seek propose consider expect set due schedule poise prepare
        threaten wish vow pledge promise look try attempt mull eye""".split(),
        "plan",
    ),
    **dict.fromkeys(
        "ask order urge recommend suggest advise demand require request call tell".split(), "urged"
    ),
}
"""What is planned has not happened: "plans to close", "is expected to rise", "set to leave"."""
POSSIBLY: Final = frozenset(
    "likely unlikely possibly perhaps probably potentially maybe reportedly seemingly".split()
)
UNCERTAIN_ADJECTIVES: Final = frozenset(
    """planned proposed possible likely potential expected projected prospective upcoming
    would-be suspected attempted intended""".split()
)
WARRANTS: Final = frozenset("warrant bid plan proposal request call attempt threat".split())
"""An arrest warrant is no arrest."""
CHINESE_CERTAINTY: Final[dict[str, str]] = {
    **dict.fromkeys("将 将会 将要 会 即将 将于 必将 将在".split(), "will"),
    **dict.fromkeys(
        "拟 计划 打算 准备 预计 有望 预期 考虑 力争 意图 企图 试图 欲 扬言 料 料将 拟于".split(),
        "plan",
    ),
    **dict.fromkeys(
        """希望 争取 建议 提议 应 应该 应当 需 需要 要求 呼吁 敦促 旨在 想 想要 寻求 承诺 威胁 目标
        以便 为了 必须 须""".split(),
        "urged",
    ),
    **dict.fromkeys(
        "可能 或 或将 或许 也许 恐 恐将 恐怕 大概 似乎 疑似 疑 可 有可能 很可能".split(), "may"
    ),
}
CHINESE_WARRANTS: Final = ("逮捕令", "通缉", "逮捕证", "搜查令")

# --- negation ------------------------------------------------------------------------------------
NEGATIONS: Final = frozenset(
    "not n't n’t never no neither nor none nobody nothing cannot without hardly barely".split()
)
NEAR_NEGATIONS: Final = frozenset(
    """deny refuse fail decline reject unlikely lack unable without few little prevent avoid stop ban
    forbid prohibit impossible wrong false incorrect absence unclear unknown neither nor instead rather""".split()
)
"""Words that may say elsewhere what a "not" says here."""
NOT_NEGATIONS: Final = frozenset(
    """不断 不仅 不过 不同 不少 不但 不管 不久 不论 不禁 不妨 不如 不一 不错 未来 没错 不满 不安 不只 不光 不单
    不等 不日 不时 不止 不已 不幸 未免 不惜 不乏""".split()
)
CHINESE_NEGATIONS: Final = frozenset(
    """不 没 没有 未 未能 未曾 未必 无 无法 并未 并不 并非 并没有 尚未 尚无 非 不是 不会 不能 不再 不可
    不得 不必 不应 不应该 不宜 不愿 不想 不要 不准 不许 没能 从未 从不 从没 绝不 决不 仍未 还未 还没
    还没有 毫不 毫无 不予 未有 未获 未经 不存在 不用 不需要 不需 不该 不曾 不肯 不太 不怎么 不足以
    勿 莫 切勿 否认 拒绝 禁止 不至于 不大 都不 也不 也没有 也没""".split()
)

# --- quantifiers ---------------------------------------------------------------------------------
QUANTIFIERS: Final[dict[str, str]] = {
    **dict.fromkeys("all every each both everyone everybody everything".split(), "all"),
    **dict.fromkeys("most majority mostly".split(), "most"),
    **dict.fromkeys(
        "some several few many part certain handful minority numerous various portion".split(),
        "some",
    ),
}
NEARLY: Final = frozenset("nearly almost virtually practically".split())
CHINESE_QUANTIFIERS: Final[dict[str, str]] = {
    **dict.fromkeys("所有 全部 全体 一切 每 每个 每位 每名 各 所有的 每一 每一个".split(), "all"),
    **dict.fromkeys("大多数 多数 大部分 绝大多数 绝大部分 大多 半数以上 过半".split(), "most"),
    **dict.fromkeys(
        "部分 一些 有些 某些 若干 少数 个别 许多 很多 不少 众多 一部分 有的 几 多 多名 多个 多家 多位 诸多 多种 多项".split(),
        "some",
    ),
}

# --- offices -------------------------------------------------------------------------------------
ROLES: Final[dict[str, str]] = {
    **dict.fromkeys(
        "former ex ex- then then- onetime one-time previous erstwhile".split(), "former"
    ),
    **dict.fromkeys("acting interim caretaker temporary".split(), "acting"),
    **dict.fromkeys("deputy vice vice- assistant associate".split(), "deputy"),
    "outgoing": "outgoing",
    "incoming": "incoming",
    "elect": "elect",
    "designate": "elect",
    "late": "late",
    "honorary": "honorary",
}
CHINESE_ROLES: Final[dict[str, str]] = {
    **dict.fromkeys("前 原 前任 原任 时任".split(), "former"),
    **dict.fromkeys("代 代理 临时 看守".split(), "acting"),
    **dict.fromkeys("副 助理 常务副".split(), "deputy"),
    **dict.fromkeys("候任 当选".split(), "elect"),
    "已故": "late",
    "名誉": "honorary",
}
OFFICES: Final = frozenset(
    """president minister premier chancellor mayor governor senator secretary chairman chairwoman
    chief director judge prosecutor ambassador general commander king queen coach captain ceo head
    spokesman spokeswoman owner founder champion winner doctor professor officer""".split()
)
CHINESE_OFFICES: Final = tuple(
    """总统 首相 总理 部长 主席 省长 市长 县长 局长 厅长 处长 校长 院长 会长 行长 所长 秘书长 议长
    书记 主任 总裁 总经理 经理 董事长 教练 队长 大使 发言人 主编 总编辑 国务卿 财长 防长 外长 司令
    议员 法官 检察长 教授 州长 总监 站长 馆长 团长 总干事 董事 冠军 球员 官员 特工 警长 领导人 总指挥""".split()
)

# --- what somebody says --------------------------------------------------------------------------
SPEECH: Final = frozenset(
    """say claim allege accuse argue believe think suggest insist assert contend maintain report
    tell add state note estimate warn describe suspect charge predict acknowledge admit reckon
    explain stress emphasize emphasise point declare hint imply fear indicate deny quote cite
    write speculate assume comment reveal confirm suppose rumour rumor dub call""".split()
)
SAYING: Final = frozenset("allegedly reportedly purportedly supposedly apparently".split())
ALLEGED: Final = frozenset("alleged suspected purported accused reported supposed".split())
SPEECH_NOUNS: Final = frozenset(
    "claim allegation accusation report suggestion rumour rumor".split()
)
CHINESE_SPEECH: Final = frozenset(
    """说 说道 表示 称 声称 宣称 指出 认为 强调 透露 告诉 介绍 报道 指控 指责 涉嫌 据称 据悉 据说 据报道
    据了解 据介绍 写道 解释 坦言 直言 谈到 提到 补充 回应 警告 估计 预测 相信 怀疑 质疑 承认 证实 称之为
    披露 主张 分析 评价 评论 呼吁 猜测 推测 暗示 坚称 辩称 谈及 提出 所说 看来 觉得 据""".split()
)

# --- direction -----------------------------------------------------------------------------------
UP: Final = frozenset(
    """rise increase grow climb gain jump soar surge advance improve expand strengthen raise boost
    rally double triple accelerate widen up higher upward growth increased rising growing
    recover rebound""".split()
)
DOWN: Final = frozenset(
    """fall decrease drop decline shrink lose slip plunge slide tumble sink retreat worsen contract
    weaken cut reduce lower halve slow narrow down downward reduction loss falling declining
    plummet dip ease""".split()
)
CHINESE_UP: Final = frozenset(
    """上升 增长 上涨 增加 提高 提升 扩大 上扬 攀升 走高 回升 飙升 大涨 上调 涨 增 升 增至 升至 增强 加快
    增幅 涨幅 高于 多于 超过 反弹 改善 好转 加速 升高 增多 上行""".split()
)
CHINESE_DOWN: Final = frozenset(
    """下降 减少 下跌 降低 下滑 缩小 回落 走低 跌 降 减 降至 减至 骤降 大跌 下调 减弱 放缓 降幅 跌幅 低于
    少于 不足 恶化 减速 萎缩 缩减 削减 暴跌 下挫 下行 跌至""".split()
)

# --- claims that must be stated ------------------------------------------------------------------
CLAIMS: Final[tuple[frozenset[str], ...]] = (
    frozenset("first inaugural maiden debut".split()),
    frozenset(("only", "sole", "solely", "single", "alone", "unique")),
    frozenset("large big great largest biggest greatest top".split()),
    frozenset(("record", "unprecedented", "all-time")),
    frozenset("win victory beat defeat champion triumph winner title crown gold prevail".split()),
    frozenset("arrest detain custody".split()),
    frozenset("convict guilty conviction sentence".split()),
    frozenset("acquit clear innocent".split()),
    frozenset(
        "die kill death dead fatal murder fatality lose shoot perish slay victim life".split()
    ),
    frozenset("resign quit step resignation leave".split()),
)
"""Groups of English words: a sentence that has one, as a verb or superlative, needs an article that
has one of its group."""
CLAIM_VERBS: Final = frozenset("win arrest detain convict acquit die kill resign defeat".split())
CLAIM_WORDS: Final = frozenset("first only sole largest biggest record unprecedented".split())
CHINESE_CLAIMS: Final[tuple[tuple[frozenset[str], frozenset[str]], ...]] = (
    (
        frozenset("首次 首个 首例 首位 首家 第一个 第一次 首度".split()),
        frozenset(("首", "第一", "初次", "1")),
    ),
    (frozenset(("唯一", "仅有")), frozenset(("唯一", "仅", "只有", "独", "唯"))),
    (
        frozenset("最大 最高 最多 最长 最低 最小 最快 最早".split()),
        frozenset(("最", "之最", "第一", "纪录", "首")),
    ),
    (
        frozenset("夺冠 获胜 击败 战胜 胜出 夺得".split()),
        frozenset("胜 冠 击败 赢 夺 败 金牌 摘".split()),
    ),
    (frozenset("被捕 逮捕 拘留 落网".split()), frozenset("捕 拘 落网 羁押 抓获".split())),
    (frozenset("定罪 判刑 被判".split()), frozenset("罪 判 监 狱 刑".split())),
    (
        frozenset("死亡 遇难 身亡 丧生 去世".split()),
        frozenset("死 难 亡 丧 逝 去世 杀 毙 殒 命".split()),
    ),
    (frozenset("辞职 卸任 下台".split()), frozenset("辞 卸任 下台 离任 离职".split())),
)
"""Words that need an article with one of the strings beside them."""

# --- small words ---------------------------------------------------------------------------------
SMALL_TAGS: Final = frozenset(
    "DT IN TO CC MD PRP PRP$ WDT WP WP$ WRB EX RP POS PDT UH SYM LS".split()
)
AUXILIARIES: Final = frozenset("be have do".split())
TITLES: Final = frozenset(
    """mr mrs ms miss dr sir lord lady dame prof professor president minister prime senator sen rep
    governor gov general gen captain capt colonel col sergeant sgt king queen prince princess pope
    judge justice chief secretary chancellor mayor coach director chairman ceo premier the st
    state city party government ministry department university county district north south east
    west inc co corp ltd group company""".split()
)
COMMON_IN_NAMES: Final = frozenset(
    """university college school institute hospital bank club court office council committee
    commission agency association federation union corporation times news post daily united
    national international general central new world international lake river mount street road
    islands island valley bay beach county park airport""".split()
)
COLLECTIVE: Final = frozenset(",、和与及跟同以及&and or或")
"""What joins the members of a list."""
RELATIVE_DAYS: Final[dict[str, str]] = {
    "yesterday": "yesterday",
    "today": "today",
    "tonight": "today",
    "tomorrow": "tomorrow",
    "昨天": "yesterday",
    "昨日": "yesterday",
    "昨晚": "yesterday",
    "今天": "today",
    "今日": "today",
    "明天": "tomorrow",
    "明日": "tomorrow",
    "去年": "last year",
    "今年": "this year",
    "明年": "next year",
    "上月": "last month",
    "上个月": "last month",
    "本月": "this month",
    "下月": "next month",
    "下个月": "next month",
    "上周": "last week",
    "本周": "this week",
    "下周": "next week",
    "前年": "the year before last",
}
