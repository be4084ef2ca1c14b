"""Detects text on a page that is not part of the article: captions, bylines, links, boilerplate."""

from __future__ import annotations

import re

from service.briefs.selecting.alternatives import compile_alternatives

COMMENTS = re.compile(
    r"^\W*(?:(?:\d+ )?(?:readers?['’]? )?comments?(?: \(?\d+\)?)?|join the conversation|"
    r"leave a (?:comment|reply)|"
    r"what readers say|most liked|(?:网友|读者|热门|最新|精彩|全部)?(?:评论|留言|跟帖)(?:区|"
    r"\s*[（(]?\d+[)）]?条?)?)\W*$",
    re.IGNORECASE,
)
"""Openings of readers' comments."""
CREDIT = re.compile(
    r"(?:^|[.)\]]\s+|\| ?)(?:photo(?:graph|grapher)?|picture|image|illustration|credit)s?"
    r"(?: (?:credit|by|courtesy of))?\s*[:：/]|\((?:AP|AFP|Reuters|EPA|Getty)[^()]{0,40}\)\W*$|"
    r"(?:^|[。\s）)])(?:新华社|中新社|本报|本社|特约)?(?:记者|通讯员|摄影)?\s*[\u4e00-\u9fff]{2,4}\s*(?:摄|供图|/图)"
    r"[。）)]?$|（[^（）]{1,20}(?:摄|供图)）$"
)
"""Endings of captions: the credit of the picture."""
END_OF_ARTICLE = re.compile(
    r"^\W*(?:(?:related|recommended|more|most (?:read|popular)|trending|you (?:may|might) also "
    r"like|also (?:in the news|on \w+)|more (?:from|on) [\w ]{3,30}|read (?:next|also)|"
    r"editor['’]s picks?|"
    r"(?:related|recommended) (?:articles?|stories|posts?|reading))\W*$|"
    r"(?:up next|next up|next (?:story|article)|coming up)\s*[:：|]|"
    r"(?:相关(?:新闻|阅读|推荐|文章|链接)|热门(?:推荐|新闻|视频|文章)|猜你喜欢|为你推荐|更多新闻|往期回顾|"
    r"推荐阅读|大家都在看|精彩推荐|延伸阅读)\W*$|(?:下一[条篇则]|下篇)\s*[:：])",
    re.IGNORECASE,
)
"""In the lower half of a page, the text after this belongs to other articles."""
ENGLISH = compile_alternatives(
    r"\b(?:an earlier|a previous|the first|the original) version of this "
    r"(?:article|story|report)\b",
    # captions and credits
    # captions of photographs are in the present tense, with a full date
    r"^(?-i:[A-Z])[^,.;:“\"]{4,90} (?:arrives?|attends?|speaks?|poses?|walks?|stands?|looks?|"
    r"waves?|waits?|prepares?|gestures?|leaves?|reacts?|sits?|watch(?:es)?|holds?|carr(?:y|ies)|hugs?|"
    r"shakes?|delivers?|addresses|celebrates?|gathers?|protests?|march(?:es)?|listens?|smiles?|"
    r"enters?|participates?|takes? part)\b[^.]{0,120}\b(?:on |in )?(?:jan(?:uary)?|"
    r"feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.? \d{1,2}, \d{4}\b",
    r"\b(?:file photo|pictured|(?:this|the|our|file) (?:photo(?:graph)?|picture|image)s? shows?|"
    r"(?:photo|picture|image)s? (?:by|credit|courtesy))\b|[/(]\s*getty images|getty images\W*$|"
    r"^\W*(?:photo|picture|image|pictured|caption|source|alt(?: text)?|by|video)\s*[:：]|"
    r"\((?:photo|picture|image)|"
    # who wrote it, who did not answer
    r"\bcontributed to this report\b|^\W*(?:reporting|editing|writing) by\b|"
    r"\b(?:additional reporting|[;(] ?editing) by\b|\b(?:has|have) been contacted\b|"
    r"\b(?:was|were) not available for comment\b|"
    r"\b(?:contacted|approached|reached out)\b[^.]*\bfor comment\b|"
    r"\bdid not (?:immediately )?(?:respond|reply)\b|\bdeclined to comment\b|"
    # what a page asks of its reader
    r"\banyone with (?:any )?information\b|"
    r"^\W*(?:please )?(?:subscribe|sign up|log ?in|register|click|watch|listen|share|download|"
    r"follow|read more|explore more)\b(?! (?:by|of|in|at|was|were)\b)|"
    r"\b(?:read|explore) more\s*[:>»…]|\bclick here\b|\bfollow us\b|\bdownload (?:the|our) app\b|"
    r"\bsubscribe (?:now|today|here|to our)\b|\b(?:your|our) (?:newsletters?|subscription)\b|"
    r"\bsign up (?:here|now|today|(?:for|to) our)\b|\bregister (?:here|now)\b|"
    r"\b(?:uses?|accept) (?:all |of )?cookies\b|\byour browser\b|\bfree articles?\b|"
    r"\bcancel any ?time\b|^\W*(?:unlock|support (?:our|independent|local))\b|"
    r"\bcookie (?:policy|settings|preferences|consent)\b|"
    r"\bour (?:privacy policy|terms of)\b|\bprivacy policy (?:and|&)|"
    r"\blog in (?:to|or) (?:read|comment|continue|register|sign|your)\b|"
    r"\blisten to this (?:article|story|episode)\b|\bshare this (?:article|story|post|page)\b|"
    # other pages
    r"\b(?:you may also like|most read|editor['’]s picks?|related (?:articles?|stories)|"
    r"more on this|in (?:other|related) news)\b|^\W*(?:next (?:story|up)|coming up)\b|"
    r"^\W*advertisement\b(?! (?:was|is|by|that|of|for|in)\b)|\badvertisement\W*$|"
    r"^(?:the )?weather\s*[:：]|^morning briefing\b|^\S+ stories to start\b|"
    r"^\W*(?:summary|tl;?dr)\s*[:：]|"
    # legal text, and text about the page itself
    r"\ball rights reserved\b|\bcopyright (?:\d{4}|by|©|\(c\))|\bforward-looking statements?\b|"
    r"\bissuer is solely responsible\b|\bundertakes no (?:duty|obligation)\b|\bmedia contacts?\b|"
    r"\b(?:an earlier|a previous|the first|the original) version of this\b|"
    r"^\W*(?:correction|clarification)\b[^.]{0,20}:|"
    r"\bthis (?:article|story|piece|page|page's|post) (?:was|is|has been|first|originally)\b|"
    r"©|https?://|www\.|(?<=\S)@\S+\.\w",
)
BIOGRAPHY = re.compile(
    r"^(?:Dr |Prof(?:essor)? )?[A-Z][\w'’-]+ (?:[A-Z]\.? )?[A-Z][\w'’-]+,? (?:.*, )?(?:is|"
    r"was) (?:a|an|the) .*\b"
    r"(?:author|professor|former|director|editor|columnist|journalist|fellow|writer|lecturer|"
    r"correspondent|reporter|contributor)\b|\bis the author of\b|\b(?:covers|reports on|"
    r"writes (?:about|for)) .* for (?:The|the) "
)
ABOUT = re.compile(
    r"^About [A-Z][\w &'’-]{1,40}[:.]|^About ([A-Z][\w&'’-]+)\b.{1,160}\b\1\b|"
    r"^safe harbou?r\b|^certain statements\b|^SOURCE:? [A-Z]|^(?:Notes to editors|Contacts?)\b",
    re.IGNORECASE,
)
CHINESE = re.compile(
    # captions and credits
    r"(?<![企试意地])图为|(?<!拍)摄[）)]?[。）)]?$|^（完）$|图片来源|图片说明|资料图|资料来源|"
    r"^[^，。；]{2,30}(?:拍摄|拍下)的[^，。；]{2,24}。$|"
    r"责任编辑|责编|(?:编辑|来源|作者|记者|校对|审核)[:：]|原标题|"
    r"(?:本文|本报|初版|早前版本|此前版本)[^。]{0,24}(?:误为|误作|误写|有误|更正)|特此(?:更正|致歉)|"
    r"^[\u4e00-\u9fff·]{2,14}(?:[（(][^（）()]*[）)])?是《[^》]{2,16}》[^。]{0,40}(?:撰稿人|专栏作家|专栏作者|评论员|作者)。?$|"
    # what a page asks of its reader
    r"扫码(?:关注|下载|阅读|查看|报名|进群)|(?:扫描|长按|识别)[^。]{0,8}二维码|(?<![先须求])关注公众号|欢迎关注|"
    r"(?:^|请)点击|(?<!在)点击(?:下方|上方|这里|此处|阅读|查看|图片)|阅读原文|阅读更多|下载客户端|分享到|"
    r"(?:欢迎|请|立即)订阅|订阅(?:本|我们)|注册会员|请登录|登录(?:查看|阅读|注册)|登录\s+注册|"
    r"(?:本站|我们的|同意)[^。]{0,6}隐私政策|举报电话|"
    # other pages
    r"cookie|开通会员|会员专享|订阅后可|畅读|免费文章|剩余\d+%|(?:备案|许可证)号?[:：]?\s*\d|ICP备|"
    r"^(?:摘要|一句话总结)：|(?:推荐|相关|延伸)阅读|热门推荐|更多新闻|下一篇|上一篇|"
    # law
    r"董事会及全体董事|不存在任何虚假记载|敬请[^。]{0,8}投资者|证券代码[:：]|公告编号[:：]|"
    r"版权所有|未经[^，。]{0,4}(?:授权|许可|允许)[^。]{0,10}(?:转载|复制|使用|摘编)|"
    r"(?:不得|禁止|欢迎|如需|请勿)[^。]{0,6}转载|转载(?:请|须|自)|本网站(?:不|所|仅|的|对)|免责声明|"
    r"https?://|www\."
)
