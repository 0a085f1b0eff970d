"""A received message as plain text: decoded, without mark-up, quoted mail and heads set apart."""

import email
import email.policy
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

# Half a dozen lines are usual. From here on it is a file, and no message.
LIMIT: Final = 100_000
TOO_LONG: Final = "内容太长：一条消息最多100 KB。请只粘贴这一条消息的文字。"
HTML: Final = re.compile(r"<(?:html|body|div|p|br|table|td|span)\b[^>]*>", re.IGNORECASE)
MAIL: Final = re.compile(
    r"\A(?:[\w-]+:.*\n(?:[ \t].*\n)*)*?(?:MIME-Version|Content-Type):", re.IGNORECASE
)
QUOTE: Final = re.compile(r"\s*(?:>|｜\s*>|\|\s*>)")
# From here on stands what was said in an earlier mail.
EARLIER: Final = re.compile(
    r"\s*-*\s*(?:原始邮件|原邮件|转发的?邮件|回复的原邮件|Original Message|Forwarded message)\s*-*"
    r"|.*(?:写道|wrote)\s*[:：]\s*$",
    re.IGNORECASE,
)
ADDRESSES: Final = re.compile(
    r"\s*(?:发件人|收件人|抄送|密送|发送人|From|To|Cc|Bcc|Reply-To|Message-ID)\s*[:：]",
    re.IGNORECASE,
)
SENT: Final = re.compile(
    r"\s*(?:发送时间|发件时间|发送日期|收件时间|接收时间|日期|时间|Date|Sent)\s*[:：]",
    re.IGNORECASE,
)
TABS_AND_BREAKS: Final = frozenset("\t\n\r\f\v\x85")


class MessageUnreadable(Exception):
    """Not the text of a message; the sentence says why."""


@dataclass
class Received:
    """`lines` are to be read; `quoted` stood in an earlier mail; `sent` are heads with a day."""

    lines: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)


def received(data: bytes) -> Received:
    """Raises Unreadable for what is too long, binary, or no text in any usual encoding."""
    return arranged(text_of(data))


def text_of(data: bytes) -> str:
    if len(data) >= LIMIT:
        raise MessageUnreadable(TOO_LONG)
    text = _decoded(data)
    if MAIL.match(text):
        text = _body(text)
    refuse_binary(text)
    return _without_markup(text) if HTML.search(text) else text


def arranged(text: str) -> Received:
    """Sort the lines. What only mails show of themselves is left out."""
    found = Received()
    lines = _clean(text).splitlines()
    for place, line in enumerate(lines):
        if EARLIER.fullmatch(line) or (found.lines and _is_earlier_head(lines[place : place + 4])):
            found.quoted += [one.strip() for one in lines[place:] if one.strip()]
            break
        if QUOTE.match(line):
            found.quoted.append(line.strip())
        elif ADDRESSES.match(line):
            continue
        elif not found.lines and SENT.match(line):
            found.sent.append(line)
        elif line.strip() or found.lines:
            found.lines.append(line.strip())
    return found


def _is_earlier_head(lines: list[str]) -> bool:
    """A second head in the middle: sender, then within three lines the time or the addressee."""
    if not re.match(r"\s*(?:发件人|From)\s*[:：]", lines[0], re.IGNORECASE):
        return False
    return any(SENT.match(line) or ADDRESSES.match(line) for line in lines[1:])


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise MessageUnreadable("不是文字，读不出来。请粘贴消息的文字，或保存为文本文件。")


def refuse_binary(text: str) -> None:
    """Controls, and letters that no script has, are not in messages; bytes make them."""
    for character in text:
        if character not in TABS_AND_BREAKS and unicodedata.category(character) in (
            "Cc",
            "Cn",
            "Co",
            "Cs",
        ):
            raise MessageUnreadable("里面有不是文字的内容，读不出来。请只粘贴消息的文字。")


def _body(text: str) -> str:
    """The text of a mail as its program stores it, with the head lines that say when."""
    try:
        message = email.message_from_string(text, policy=email.policy.default)
        part = message.get_body(("plain", "html"))
        content = part.get_content() if part is not None else ""
    except (LookupError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        return text
    sent, subject = message.get("Date", ""), message.get("Subject", "")
    return f"Date: {sent}\n{subject}\n{content}" if isinstance(content, str) else text


class _Words(HTMLParser):
    BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "table"})
    HIDDEN = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in self.HIDDEN
        self.parts.append("\n" if tag in self.BREAKS else " " if tag in {"td", "th"} else "")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in self.HIDDEN and self.hidden > 0
        self.parts.append("\n" if tag in self.BREAKS - {"br"} else "")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def _without_markup(text: str) -> str:
    words = _Words()
    words.feed(text)
    words.close()
    return "".join(words.parts)


def _clean(text: str) -> str:
    """Without what is not seen, such as zero-width blanks, which a paste brings along."""
    return "".join(_visible(text))


def _visible(text: str) -> Iterator[str]:
    for character in text:
        if unicodedata.category(character) != "Cf":
            yield "\n" if character in "\x85\u2028\u2029" else character
