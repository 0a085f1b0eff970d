"""An invented applicant and an invented firm. The ID number is the standard's own sample."""

from datetime import date

from materials.samples import Company, Person

COMPANY = Company("重庆峡江样例进出口有限公司", "91500101YYYY00012R")
PERSON = Person(
    name="林晓岚",
    surname="LIN",
    given_names="XIAOLAN",
    sex="F",
    birth_date=date(1988, 5, 6),
    post="外贸部经理",
    id_number="11010519491231002X",
    passport_number="EZ9990001",
    passport_expires_on=date(2035, 3, 1),
    look=4,
)
