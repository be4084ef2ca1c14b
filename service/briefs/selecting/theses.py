"""Finds the thesis of a Chinese opinion: the conclusion, and the demand."""

from __future__ import annotations

import re

from service.briefs.selecting.flags import outside_quotations

_CONCLUDES = re.compile(
    r"^(?:总而言之|总之|归根结底|归根到底|说到底|一言以蔽之|由此可见|现实(?:情况)?是|事实是)|"
    r"(?:关键|核心|根本|根源|要害|实质|本质|症结|出路|(?:最大|根本|真正)的?(?:问题|挑战|障碍))(?:还)?(?:在于|就?是)|"
    r"(?:在笔者看来|笔者认为|我们认为)|真正(?:需要|应该|应当|要)|不(?:是|在于)[^，。]{1,24}，?而(?:是|在于)|"
    r"[^，。]{2,16}就变成了?|意味着|(?<!不)足以说明|才(?:能|是|算)"
)
_DEMANDS = re.compile(
    r"应当|应该|理应|不应|不该|必须|有必要|亟[需待]|不妨|更需要|需要(?:让|把|有人|建立|完善|改变|各方)|呼吁|(?:不|决不|绝不|岂)能(?!够)|"
    r"(?:更|还|就|都)(?:要|须)|要[让把]|须(?!知)|有责任|何不|不可(?!能|否认|思议)|^建议|值得警惕|别[让把]|莫让|期待"
)
_ANECDOTE = re.compile(
    r"^(?:上?周末|昨天|前天|早上|傍晚)(?:去|到|路过|经过)|常去的|走进|坐了|^(?:邻居|朋友|同事|同学|亲戚|街坊)|^[老小阿][\u4e00-\u9fff](?!旧|区|人|型|学)|头也不抬|有一[次天回]|那天|记得|逛|笑着|点头|抬头|摇头|朋友圈|身边(?:的|有)|前几天|"
    r"(?:一位|一名|有个|有位|一个)(?:老人|老太|大爷|大妈|朋友|同事|邻居|年轻人|读者|家长|孩子|母亲|父亲)"
)
_WEIGHED = re.compile(
    r"^(?:有人|有商家|有观点|也有人|一些人|反对者)[^。]{0,6}(?:说|认为|担心|觉得)|^诚然|^固然|^当然"
)
"""Views of others."""
_ADDRESSED = re.compile(
    r"(?:部门|政府|企业|学校|平台|社会|机构|公司|各地|方面|管理者|立法|法院|商家|厂商|媒体|高校|医院|社区|街道办?|协会|当局|国会|"
    r"议会|政党|领导人)[^，。]{0,12}(?:应|必须|不妨|有必要|需|要|该|先)"
)
_LEANS = re.compile(r"[这那][个种样些一]|承认|如此|上述")
"""References to earlier text, and concessions."""
_SELF = re.compile(r"我(?!国|省|市|县|区|军|校|院|党|驻|们|方)")
STORY = 0.45
"""The penalty of a sentence that tells a story."""
_ADDRESS, _LEANING, _OWN_STORY = 0.25, 0.4, 0.5
ADDRESSED = 0.6
"""The least value of a demand that names its addressee."""
_CONCLUSION, _DEMAND, _STORY, _OTHERS = 0.5, 0.4, 0.6, 0.4


def thesis_of(text: str) -> float:
    """How much a sentence looks like the author's thesis: above 0 for a conclusion or demand, below
    0 for a story or the view of others, 0 for a statement of fact.
    """
    outside = outside_quotations(text)
    value = _CONCLUSION * bool(_CONCLUDES.search(outside))
    value += _DEMAND * bool(_DEMANDS.search(outside))
    value += _ADDRESS * bool(_ADDRESSED.search(outside))
    value -= _LEANING * bool(_LEANS.search(outside))
    value -= _OWN_STORY * bool(_SELF.search(outside))
    value -= _STORY * bool(_ANECDOTE.search(outside))
    return value - _OTHERS * bool(_WEIGHED.search(outside))
