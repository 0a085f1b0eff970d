"""An accepted picture recognised here and now, where nobody waits for a worker."""

from datetime import date

from files.recognising import READERS, UNREADABLE
from materials.catalogue import get
from materials.findings import Findings, MaterialFacts, Report


def inspect(number: int, data: bytes, *, facts: MaterialFacts, today: date) -> Report:
    """Hold what is read against what is known of `facts`; nothing where no machine looks at it.

    Needs the optional packages; whatever they stumble over becomes a warning.
    """
    rule = get(number).recognition
    if rule is None:
        return Report()
    try:
        reading = READERS[rule.reader](data)
    except UNREADABLE:
        return Report(warnings=(rule.unread,))
    findings = Findings()
    rule.judge(reading, findings, facts, today)
    return findings.report()
