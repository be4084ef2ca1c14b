// What the service says in English, in Chinese. "{}" is what the service puts in, {1} the first of
// these. A warning that is not here is told by its code alone.
const FINDINGS = {
  "it refers to somebody or something that the brief may not have named": "所指的人或事，简报里可能没有出现",
  "{} is not in the article": "原文没有{1}",
  "{} in the Chinese brief is not in the article": "中文简报里的{1}不见于原文",
  "less than half of the brief is Chinese": "简报里中文不到一半",
  "the brief reached its token limit": "简报达到长度上限而中断",
  "a sentence was ended by the length limit": "有一句因长度上限而中断",
  "a sentence ends in {}": "有一句以{1}结尾，没有说完",
  "a sentence does not end": "有一句没有说完",
  "{} characters in a row are copied from the article": "连续 {1} 个字符照抄原文",
  "{} speaks about the brief": "{1}说的是简报本身",
  "{} sentences where {} were asked for": "有 {1} 句，要求的是 {2} 句",
  "a sentence of {} characters": "有一句长达 {1} 个字符",
  "the brief is longer than the article": "简报比原文还长",
  "Chinese character {} in the English brief": "英文简报里有汉字{1}",
  "the brief says no more than the headline": "简报只说了标题的内容",
  "in the article the sides of {} are the other way round": "原文里{1}的双方正好相反",
  "the article says {} of {}, not of {}": "原文说{1}的是{2}，不是{3}",
  "the article calls {} {}, not {}": "原文称{1}为{2}，而不是{3}",
  "the article does not call {} {}": "原文没有称{1}为{2}",
  "the article does not say {} of this": "原文没有这样说：{1}",
  "no sentence of the article holds {}": "原文没有一句含有{1}",
  "the article has {} where this says {}": "原文是{1}，这里成了{2}",
  "the article never says {}: the number belongs to another unit": "原文没有{1}：这个数字属于另一个单位",
  "the article does not negate {}": "原文没有否定{1}",
  "the article negates {}": "原文否定了{1}",
  "the article tells {} as {}": "原文说的{1}是{2}",
  "the article does not say {} of {}": "原文没有说{2}是{1}",
  "the article says {} of {}": "原文说{2}是{1}",
  "the article tells this as somebody's statement, not as a fact": "原文是转述某人的话，不是陈述事实",
  "only an instruction in the article says this": "只见于文中夹带的指令",
  "a phrase is repeated": "有重复的词句",
  "two sentences say the same": "有两句意思相同",
  "{} stands before {}, {} in the source": "{1}在{2}之前，原文是{3}",
  "the source denies it: {} of {}": "原文有否定：{1}（{2}）",
  "the source denies it: {}": "原文有否定：{1}",
  "the source does not deny {}: {} is added": "原文没有否定{1}：多了{2}",
  "the source does not say {}": "原文没有说{1}",
  "refused, not denied": "是“拒绝”，不是“否认”",
  "denied, not refused": "是“否认”，不是“拒绝”",
  "{} denies twice": "{1}是双重否定",
  "{} says the opposite of {} ({})": "{1}与{2}意思相反",
  "{} is {}, which is missing": "{1}应译为{2}，译文中没有",
  "the model wrote {} for {}; it was replaced by {}": "模型把{2}写成{1}，已改为{3}",
  "{} ({}) is not in the source": "原文没有{1}（{2}）",
  "{} is in no table: how it is spelled is the model's guess": "{1}不在任何词表里，拼写是模型猜的",
  "{} may be another name in the translation": "{1}在译文中可能成了别的名称",
  "the Chinese character {} was not translated": "汉字{1}没有翻译",
  "{} is missing: the instruction may have been followed": "缺少{1}：模型可能执行了文中的指令",
  "there is no translation": "没有译文",
  "the translation reached its token limit": "译文达到长度上限而中断",
  "{} is neither English nor Chinese": "{1}既不是英文，也不是中文",
  "the source was not translated": "原文没有翻译",
  "{} was not translated": "{1}没有翻译",
  "{} replies to the source or comments on it": "{1}是对原文的回答或评论",
  "the translation is far shorter than the source": "译文比原文短得多",
  "the translation is far longer than the source": "译文比原文长得多",
  "a placeholder or term comes after the end of the sentence": "占位符或术语落在句末之后",
  "a placeholder is added in brackets": "占位符被加在括号里",
  "a bracket is not closed or not opened": "括号不成对",
  "a sentence continues after its full stop": "句号之后句子还在继续",
  "the place of the tag around {} is a guess": "{1}外面标签的位置是猜的",
  "{} is missing": "缺少{1}",
  "{} is repeated": "{1}重复了",
  "{} is not in the source": "原文没有{1}",
  "{} replaces {}": "{2}成了{1}",
  "{} has another unit than {}": "{1}与{2}单位不同",
  "{} has a currency, {} has none": "{1}有货币单位，{2}没有",
  "the source says {}, not {}, of {}": "关于{3}，原文说的是{1}，不是{2}",
  "the source says {} {}, the translation {}": "原文是{1}{2}，译文是{3}",
  "the source says by how much, not than what: {}": "原文说的是相差多少，不是与什么相比：{1}",
  "the source says until when": "原文说的是截止时间",
  "the source says {}, not {}": "原文是{1}，不是{2}",
  "the source says {} {}": "原文是{1}{2}",
  "{} counts {}, in the source {}": "{1}数的是{2}，原文数的是{3}",
  "{} is money, in the source a weight": "{1}是金额，原文是重量",
  "{} is a weight, in the source money": "{1}是重量，原文是金额",
  "{} occurs more often than in the source": "{1}出现的次数比原文多",
  "{} was lost": "{1}丢失了",
  "the month of {} is missing": "缺少{1}的月份",
  "{} stands for {}": "{2}成了{1}",
};

// Why requests are refused, as far as a reader of the page can bring it about.
const REFUSALS = {
  "the text has {} words: nothing to shorten; at least {} are needed": "文本只有 {1} 个词，无可缩减；至少需要 {2} 个",
  "the text has {} word: nothing to shorten; at least {} are needed": "文本只有 {1} 个词，无可缩减；至少需要 {2} 个",
  "the text has {} characters: nothing to shorten; at least {} are needed": "文本只有 {1} 个字，无可缩减；至少需要 {2} 个",
  "the text has {} character: nothing to shorten; at least {} are needed": "文本只有 {1} 个字，无可缩减；至少需要 {2} 个",
  "there is no text to summarize": "没有可供摘要的文本",
  "the article has {} characters; at most {} are accepted": "文章有 {1} 个字符；最多接受 {2} 个",
  "the text is in {}; English and Chinese are supported": "文本是{1}；只支持英文和中文",
  "the text is in {}, not in {}": "文本是{1}，不是{2}",
  "is in {}: neither English nor Chinese": "文本是{1}，既不是英文，也不是中文",
  "the text has no sentence that a brief may quote: only headings, links, comments or instructions": "文中没有简报可以引用的句子，只有标题、链接、评论或指令",
  "the text holds instructions and nothing else": "文本只有指令，别无内容",
  "request ({}) exceeds text limit ({})": "文本有 {1} 个字符；最多接受 {2} 个",
  "this service fetches no pages (JIANBAO_FETCH_URLS): send the article as text or as html": "本服务不抓取网页：请粘贴文章",
  "leads from one address to the next more than {} times": "网址跳转超过 {1} 次",
  "is packed as {}, which was not asked for": "网页的压缩方式不受支持：{1}",
  "is packed wrongly": "网页的压缩数据有误",
  "the server answered {}": "对方服务器的回答是 {1}",
  "did not arrive within {} seconds": "{1} 秒内没有收到网页",
  "cannot be reached": "无法访问该网址",
  "has more than {} bytes": "超过 {1} 字节",
  "has more than {} characters": "超过 {1} 个字符",
  "there is no text in it": "里面没有文字",
  "there is no text in it: it may be a scan": "里面没有文字，可能是扫描件",
  "there is no article in it": "里面没有文章",
  "it does not begin as a {} does: it may be damaged": "内容不像 {1} 文件，可能已损坏",
  "expected .txt, .html, .docx or .pdf; this is {}": "需要 .txt、.html、.docx 或 .pdf；这是 {1}",
  "this is no text": "这不是文本",
  "it unpacks to more than this service reads": "解压后超过本服务读取的上限",
  "it is no Word document, or a damaged one": "不是 Word 文档，或已损坏",
  "it is no PDF, or a damaged one": "不是 PDF，或已损坏",
  "it is protected by a password": "有密码保护",
  "it has more than {} pages": "超过 {1} 页",
  "the body is larger than this service accepts": "内容超过本服务接受的大小",
  "expected 1 to {} lines, one article each": "需要 1 到 {1} 行，每行一篇文章",
  "the line is longer than this service accepts": "这一行超过本服务接受的长度",
  "pages are not fetched for a batch": "批量任务不抓取网页",
  "give the article as text, as html or by its url": "没有文章：需要 text、html 或 url",
  "the body is not JSON: {}": "不是 JSON：{1}",
  "the body is nested too deeply": "JSON 嵌套过深",
  "no glossary of that name for this direction": "没有这个语言方向的同名术语表",
  "no glossary of that name": "没有这个名称的术语表",
  "there are no named glossaries here": "这里没有术语表",
  "glossaries cannot be changed through the API here; the operator can allow it with JIANBAO_GLOSSARIES_EDITABLE": "管理者没有开放修改（JIANBAO_GLOSSARIES_EDITABLE）",
  "the glossaries cannot be reached: {}": "无法读取术语表：{1}",
  "a name has up to 64 letters, digits, dots, hyphens and underscores": "名称最多 64 个字母、数字、点、连字符和下划线",
  "{}: a line with # is a comment": "{1}：以 # 开头的行是注释",
  "there are {} glossaries already": "已有 {1} 份术语表",
  "more than {} terms": "超过 {1} 条",
  "at most {} terms are accepted": "最多接受 {1} 条术语",
  "a term or its translation is empty": "有术语或译法为空",
  "{}: the columns are {} and {}, but the glossary is for {} to {}": "{1}：两列是 {2} 和 {3}，而术语表是从 {4} 到 {5}",
  "these terms form a circle: {}": "这些术语首尾相接成环：{1}",
  "{}: the source is empty": "{1}：术语为空",
  "{}: the target is empty": "{1}：译法为空",
  "{}: the source is over {} characters": "{1}：术语超过 {2} 个字符",
  "{}: the target is over {} characters": "{1}：译法超过 {2} 个字符",
  "{}: the source contains a control character": "{1}：术语含有控制字符",
  "{}: the target contains a control character": "{1}：译法含有控制字符",
  "{}: more than two columns": "{1}：超过两列",
  "{}: the same source as {}, with another target": "{1}：与{2}术语相同，译法不同",
  "{}: a quote is not closed, or the line is far too long": "{1}：引号没有闭合，或行太长",
  "too many requests wait; try again later": "等待的请求太多，请稍后再试",
  "too many wait": "等待的请求太多",
  "the work ahead takes longer than the {} seconds asked for; try again later": "前面的工作 {1} 秒内做不完，请稍后再试",
  "too many {} of jobs are queued; try again later": "排队的任务太多，请稍后再试",
  "the job has {} articles; at most {} may be queued": "任务有 {1} 篇文章；最多可排 {2} 篇",
  "the key allows {} {} a minute; try again later": "此密钥每分钟的限额是 {1} {2}，请稍后再试",
  "not finished within {} seconds": "{1} 秒内没有完成",
  "{} requests are in progress; no more are accepted": "正在处理 {1} 个请求，暂不接受更多",
  "draining": "服务正在关闭",
  "the inference engine died twice on this request": "推理引擎在这个请求上两次崩溃",
  "the service crashed {} times on this article": "服务在这篇文章上崩溃了 {1} 次",
  "no model of the lineup serves {}": "没有模型可以做这件事",
  "the jobs cannot be kept: their store is out of memory": "无法保存任务：存储空间已满",
  "the jobs cannot be kept: {}": "无法保存任务：{1}",
};

// What is put in, where it is English.
const WORDS = {
  "something to come": "将来的事",
  "a plan": "计划",
  "a possibility": "可能",
  "more than": "多于",
  "less than": "少于",
  up: "上升",
  down: "下降",
  rose: "上升",
  fell: "下降",
  to: "到",
  by: "相差",
  from: "从",
  times: "倍",
  requests: "次请求",
  characters: "个字符",
  English: "英文",
  Chinese: "中文",
  "of an unknown kind": "未知的类型",
  "a language that was not recognized": "无法识别的语言",
};

const compiled = Object.entries({ ...FINDINGS, ...REFUSALS })
  // those with the most words of their own first: "{} is missing: …" before "{} is missing"
  .sort(([one], [other]) => bare(other).length - bare(one).length)
  .map(([english, chinese]) => [
    new RegExp(`^${english.split("{}").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("([^]+?)")}$`),
    chinese,
  ]);

function bare(template) {
  return template.replace(/\{\}/g, "");
}

const FIELD = /^(?:Invalid request: )?(?:text|html|url|file|glossary|name|body|q)(?:\[\d+\])?: /;

// `message` in Chinese, without the name of the field before it; null if it is not known.
export function inChinese(message) {
  const bared = message.replace(FIELD, "").replace(/^Invalid request: /, "");
  return matched(bared) ?? matched(message);
}

function matched(message) {
  for (const [pattern, chinese] of compiled) {
    const found = pattern.exec(message);
    if (found) return chinese.replace(/\{(\d)\}/g, (_, at) => value(found[at]));
  }
  return null;
}

function value(text) {
  const quoted = /^(['"])([^]*)\1$/.exec(text);
  if (quoted) return `“${quoted[2].replace(/\\(['"\\])/g, "$1")}”`;
  const line = /^line (\d+)$/.exec(text);
  if (line) return `第 ${line[1]} 行`;
  const language = /^[\w ]+ \(([a-z]{2,3})\)$/.exec(text);
  if (language) return new Intl.DisplayNames("zh-Hans", { type: "language" }).of(language[1]);
  return WORDS[text] ?? text;
}
