# ruff: noqa: E501 - tables of words, and CJK is counted double
"""English and Chinese number words and numerals. Data only."""

from __future__ import annotations

from fractions import Fraction

UNITS_EN: dict[str, int] = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
TENS_EN: dict[str, int] = {
    word: 10 * (value + 2)
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
}
SCALES_EN: dict[str, int] = {
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
SHORT_SCALES_EN: dict[str, int] = {
    "k": 10**3,
    "mn": 10**6,
    "mln": 10**6,
    "m": 10**6,
    "bn": 10**9,
    "bln": 10**9,
    "b": 10**9,
    "tn": 10**12,
    "trn": 10**12,
}
ORDINALS_EN: dict[str, int] = {
    word: value + 1
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth "
        "twentieth".split()
    )
} | {
    "thirtieth": 30,
    "fortieth": 40,
    "fiftieth": 50,
    "sixtieth": 60,
    "seventieth": 70,
    "eightieth": 80,
    "ninetieth": 90,
    "hundredth": 100,
    "thousandth": 1000,
}
MULTIPLES_EN: dict[str, int] = {
    "twice": 2,
    "double": 2,
    "doubled": 2,
    "doubles": 2,
    "doubling": 2,
    "twofold": 2,
    "thrice": 3,
    "triple": 3,
    "tripled": 3,
    "triples": 3,
    "tripling": 3,
    "threefold": 3,
    "quadruple": 4,
    "quadrupled": 4,
    "fourfold": 4,
    "fivefold": 5,
    "tenfold": 10,
}
DOZENS_EN: dict[str, int] = {"dozen": 12, "dozens": 10}
PLURAL_SCALES_EN: dict[str, int] = {
    "hundreds": 100,
    "thousands": 10**3,
    "millions": 10**6,
    "billions": 10**9,
    "trillions": 10**12,
}
MONTHS_EN: tuple[str, ...] = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

NUMBER_WORDS_EN: frozenset[str] = frozenset(
    (set(UNITS_EN) - {"zero", "one"})
    | set(TENS_EN)
    | set(SCALES_EN)
    | set(PLURAL_SCALES_EN)
    | set(DOZENS_EN)
    | (set(ORDINALS_EN) - {"first"})
    | {"thirds", "fourths", "fifths", "sixths", "sevenths", "eighths", "ninths", "tenths"}
    | (set(MULTIPLES_EN))
    | {"half", "percent", "percentage"}
)
"""English words that state a number, in lower case, and are therefore not free in an English brief.

"one", "first" and "zero" are excluded because they are mostly a pronoun, an adverb and a figure of
speech ("one of", "first of all", "zero tolerance"); "quarter" because it is mostly a part of the
year. "second" is included: the unit of time is mostly in the plural, which is free.
"""

DIGITS_HAN: dict[str, int] = {
    digit: value for value, digit in enumerate("零一二三四五六七八九")
} | {"〇": 0, "两": 2}
SMALL_SCALES_HAN: dict[str, int] = {"十": 10, "百": 100, "千": 1000}
LARGE_SCALES_HAN: dict[str, int] = {"万": 10**4, "亿": 10**8}

NUMERAL_HAN: frozenset[str] = frozenset(
    "二两三四五六七八九十百千万亿〇零廿卅半双倍几数萬億兩雙幾數"
)
"""Chinese numerals, in both scripts, which are therefore not free in a Chinese brief.

一 is excluded, because it is also the article and part of many adverbs (一个, 一些, 一直, 进一步).
Where 一 is certainly a number, before 百 千 万 亿 十 成 倍 半, the second character is not free. 几
and 数 form vague numbers (几十, 数百); 双 and 倍 mean two. Common words that contain any of them
(数据, 几乎, 双方, 四川) are in :data:`COMMON_HAN_WORDS`.
"""

HAN_NAMES: frozenset[str] = frozenset(
    "四川 三亚 三明 三沙 三峡 三门峡 三里屯 九江 九龙 九寨沟 九华山 六安 六盘水 五台山 "
    "五指山 五道口 八达岭 八宝山 八里桥 十堰 七台河 四平 双流 双鸭山 西双版纳 万州 万宁 万象 "
    "万隆 千岛 千岛湖 百色 百慕大 二连浩特 三水 三原 三河 半岛 三江 三江源 三藩市 三角洲 "
    "长三角 珠三角 金三角 百老汇 千叶 五常 五棵松 六合 八卦岭 三元桥 三星堆 二里头 千佛洞 "
    "三元里 双城 双河 四会 四明山 万安 万年 万源 百合 千阳 七里河 九台 八一 五原 百度 百事 "
    "百胜 百威 百联 百济 万科 万达 万豪 万国 万斯 伊万 伊万卡 莱万 万事达 万维网 七匹狼 七喜 "
    "三星 三菱 三井 三洋 三一重工 三安 四环素 六福 八路军 九阳 五粮液 五菱 千禧 千代田 双汇 "
    "双鹤 五矿 张三 李四 王五".split()
)
"""Names of places, people and firms, and transliterations, with numerals that are not numbers."""

COMMON_HAN_WORDS: frozenset[str] = HAN_NAMES | frozenset(
    "二手 二维码 二氧化碳 二氧化硫 三氧化二砷 三聚氰胺 二噁英 三轮车 三明治 三文鱼 四轮 四驱 "
    "三脚架 三角 三角形 三角恋 三维 二维 四合院 八角 八爪鱼 九尾 十字 十字架 十字军 十字路口 "
    "红十字 红十字会 十全 十足 十分 三七 五香 五谷 五谷杂粮 五官 五脏 五脏六腑 五金 五星 "
    "五星红旗 五星级 五四 五一 五环 六一 七一 十一黄金周 双十一 双十二 三八 九一八 七夕 三伏 "
    "三伏天 三九 八卦 八股 八字 二胡 二战 一战 二流 三流 三国 三国演义 三体 三字经 四书 四库 "
    "五经 六经 七绝 九歌 七巧 九九 万一 千万别 千万不要 千方百计 千家万户 千军万马 "
    "千辛万苦 千变万化 千奇百怪 千丝万缕 千载难逢 千篇一律 千里迢迢 千钧一发 千古 千秋 千金 "
    "千瓦 千瓦时 万里 万里长城 万岁 万物 万事 万事如意 万众 万众一心 万分 万能 万万 万象更新 "
    "万圣节 万户 万家 万家灯火 万恶 万无一失 万不得已 万紫千红 万水千山 万古 万般 万有引力 "
    "亿万 亿万富翁 亿万富豪 百姓 老百姓 百货 百科 百科全书 百分点 百分比 百分号 百花 "
    "百花齐放 百家 百家争鸣 百家姓 百灵 百年老店 百折不挠 百废待兴 百感交集 百战百胜 "
    "百无聊赖 百般 百倍努力 百忙 百强 百态 百搭 百万富翁 四处 四周 四方 四季 四海 四面 "
    "四面八方 四肢 四通八达 四面楚歌 四分五裂 四散 四邻 四舍五入 五彩 五彩缤纷 五花八门 "
    "五颜六色 五湖四海 五味 五行 五洲 五体投地 六神无主 六亲不认 六根 七上八下 七嘴八舌 "
    "七零八落 七拼八凑 七情六欲 乱七八糟 八仙 八成新 八面玲珑 九霄 九州 九泉 九死一生 "
    "九牛一毛 十拿九稳 十有八九 十之八九 十万火急 十恶不赦 十面埋伏 三番五次 三番两次 "
    "三三两两 三五成群 三心二意 三言两语 三令五申 三思 三思而后行 再三 接二连三 丢三落四 "
    "颠三倒四 朝三暮四 张三李四 推三阻四 挑三拣四 低三下四 不三不四 说三道四 举一反三 "
    "三头六臂 三长两短 三足鼎立 三农 三军 三军用命 三围 三陪 三餐 一日三餐 三好学生 "
    "三八妇女节 三包 三防 三公 三权分立 三无 三通 三甲 三甲医院 三线城市 二线城市 四线城市 "
    "二人转 二话不说 独一无二 二把手 二来 二者 二元 二次元 二手车 二手房 二手烟 二代 富二代 "
    "第二天 第三方 第三者 第三世界 第二次世界大战 数一数二 说一不二 一清二楚 一干二净 "
    "一五一十 一心一意 合二为一 不二 两岸 两国 两会 两地 两极 两极分化 两性 两旁 两侧 两边 "
    "两端 两者 两样 两难 两全其美 两手 两头 两用 两栖 两面 两面派 两翼 两口子 两回事 两码事 "
    "两败俱伤 两军 两党 两队 两院 两制 两弹一星 两相 两下子 双方 双边 双重 双向 双手 双眼 "
    "双脚 双腿 双臂 双耳 双胞胎 双亲 双赢 双打 双人 双双 双休日 双子座 双语 双层 双循环 双碳 "
    "双减 双创 双一流 双刃剑 双胞 双轨 双轨制 双面 双拼 双侧 双边关系 双台风 双鱼 双目 无双 "
    "成双 成双成对 双翼 双峰 双曲 双引擎 双增 双降 双年展 倍感 倍受 倍增 加倍 成倍 翻倍 倍数 "
    "事半功倍 倍加 半导体 半球 北半球 南半球 上半年 下半年 上半场 下半场 半场 上半 下半 "
    "上半叶 下半叶 半夜 半夜三更 后半 前半 半途 半途而废 半边天 半决赛 半空 半路 半截 半径 "
    "半程 半程马拉松 半身 半裸 半自动 半挂 半官方 半月板 半月刊 半壁江山 半晌 半信半疑 "
    "半推半就 多半 大半 小半 一知半解 另一半 半成品 半公开 半封闭 上半月 下半月 上半身 "
    "下半身 东半球 西半球 半军事 半正式 半死 半生 半世 几乎 几何 几率 几时 几经 几度 几番 "
    "茶几 几内亚 巴布亚新几内亚 几近 几分 无几 所剩无几 几个 几位 几名 几次 几天 几年 几家 "
    "几种 几点 几句 几项 几小时 几周 几张 几件 几款 几部 几国 几代 几场 几块 数据 数据库 "
    "数字 数字化 数字经济 数量 数目 数学 数额 数值 数码 数控 数列 数组 数次 数人 数名 数年 "
    "数月 数日 数天 数周 数小时 数个 数家 数位 数项 数种 数起 数代 数度 人数 次数 总数 指数 "
    "系数 参数 函数 少数 少数民族 多数 大多数 绝大多数 半数 分数 读数 无数 算数 基数 个数 "
    "户数 件数 例数 岁数 天数 票数 字数 度数 约数 负数 正数 奇数 偶数 整数 小数 常数 变数 "
    "悉数 为数 不计其数 数不清 数不胜数 屈指可数 数落 代数 级数 如数家珍 众数 频数 序数 对数 "
    "气数 招数 套数 份数 数量级 零售 零售商 零售业 零食 零件 零部件 零星 零碎 零工 零花钱 "
    "零用钱 零钱 零头 凋零 飘零 孤零零 归零 清零 零容忍 零和 零距离 零排放 零关税 零增长 "
    "零碳 零基础 零售额 零时差 零界点 零起点 零添加 动态清零 十月革命 五角大楼 三K党 "
    "三军仪仗队 七国集团 八国集团 二十国集团 四大皆空 四旬 万万没想到 万幸 三位一体 五味杂陈 "
    "四两拨千斤 千锤百炼 百闻不如一见 三观 二胎 三胎 二宝 三孩 二孩 七七事变 五四运动 九一一 "
    "胡说八道 十指 五指 八一建军节 双十 双节 四强 八强 十强 十佳 六四 老二 老三 老四 小三 小四 二哥 三哥 四哥 "
    "二姐 三姐 二叔 三叔 二伯 三伯 二姨 三姨 二婚 二傻 二货 二奶 三妹 三嫂 三弟 二弟 二楞 "
    "四爷 三爷 二爷 五爷 八爷 九爷 七爷 八哥 九哥 八戒 二郎 二郎神 三郎 三藏 三清 三界 三生 "
    "三世 三才 六界 四象 八荒 九天 九幽 万道 万剑 万年青".split()
)
"""Chinese words and names that contain a numeral but need no number in the source: names,
transliterations, idioms, and words for two sides (两国, 双方).

``find_quantities`` reports none of them, and a grammar may allow all of them. 几 and 数 with a
measure word (几天, 数年) are included because they only mean "several".
"""

HAN_ANNIVERSARIES: dict[str, tuple[int, int]] = {
    "五四": (5, 4),
    "六四": (6, 4),
    "五一": (5, 1),
    "六一": (6, 1),
    "七一": (7, 1),
    "八一": (8, 1),
    "九一八": (9, 18),
    "九一一": (9, 11),
    "十一": (10, 1),
    "双十一": (11, 11),
    "双十二": (12, 12),
}
"""Days whose Chinese name is their month and day."""

TWO_WORDS = ("两", "双", "兩", "雙", "both", "Both", "couple", "pair", "twin", "二")
"""Words that license a plain two without being quantities: 两国 is "the two countries"."""

TERM_HEADS = (
    "Covid Office iPhone iPad iOS Windows Android Galaxy Xbox PlayStation Route Highway Interstate Boeing Airbus "
    "Apollo Artemis Formula Area Flight Channel Falcon Starship Voyager Title GPT Pixel Shenzhou "
    "Tiangong Soyuz Llama Qwen Gemini Claude Web"
).split()
"""Names that may end with a number ("Windows 11"); name and number are one term."""

PLAIN_PREFIXES = frozenset(
    "under over mid pre post top sub non late early since nearly about age aged almost up at in "
    "no of by to from for and or the a an on with than us".split()
)
"""Words that may precede a hyphen and a number without forming a term ("under-21")."""

NUMBER_UNITS = frozenset(
    "km m cm mm nm kg g mg lb lbs oz ft in mph kmh kph ha sqm l ml w kw mw gw kwh mwh gwh twh kb mb "
    "gb tb hz khz mhz ghz v kv mah c f s sec min mins hr hrs h x am pm a p st nd rd th k mn mln bn "
    "bln b tn trn t bps kbps mbps gbps px pts pt ppm p pc yrs yr ml dl mol cal kcal db usd eur rmb "
    "yuan times percent year years day days hours minutes people".split()
)
"""Letters that may directly follow a number ("5km", "3rd") without forming a term ("5G")."""

TERM_TRANSLATIONS: dict[str, str] = {"新冠": "COVID-19"}
"""Chinese words without a digit whose usual English name contains one."""

VAGUE_HAN: dict[int, tuple[str, ...]] = {
    10: ("数十", "几十"),
    100: ("数百", "几百", "上百", "成百"),
    10**3: ("数千", "几千", "上千", "成千"),
    10**4: ("数万", "几万", "上万", "成千上万"),
    10**5: ("数十万", "几十万", "上十万"),
    10**6: ("数百万", "几百万", "上百万"),
    10**7: ("数千万", "几千万", "上千万"),
    10**8: ("数亿", "几亿", "上亿"),
    10**9: ("数十亿", "几十亿"),
    10**10: ("数百亿", "几百亿", "上百亿"),
    10**11: ("数千亿", "几千亿", "上千亿"),
    10**12: ("数万亿", "几万亿", "上万亿"),
}
VAGUE_EN: dict[int, tuple[str, ...]] = {
    10: ("dozens", "tens", "several dozen", "scores"),
    100: ("hundreds", "several hundred"),
    10**3: ("thousands", "several thousand"),
    10**4: ("tens of thousands",),
    10**5: ("hundreds of thousands",),
    10**6: ("millions", "several million"),
    10**7: ("tens of millions",),
    10**8: ("hundreds of millions",),
    10**9: ("billions", "several billion"),
    10**10: ("tens of billions",),
    10**11: ("hundreds of billions",),
    10**12: ("trillions", "several trillion"),
}
"""Vague numbers by magnitude. Only those of the same magnitude restate each other."""

VULGAR: dict[str, Fraction] = {
    "½": Fraction(1, 2),
    "⅓": Fraction(1, 3),
    "⅔": Fraction(2, 3),
    "¼": Fraction(1, 4),
    "¾": Fraction(3, 4),
    "⅕": Fraction(1, 5),
    "⅛": Fraction(1, 8),
}
