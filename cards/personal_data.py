"""What filings, cards, their use and the follow-up hold of people."""

from core.personal_data import CARD_DUTY, CARD_USE, DataRegister, DataSubject, HeldData

HOLDER = (DataSubject.HOLDER,)
USERS = (DataSubject.USER_OF_CARD,)
PAGE = "position warnings superseded_at"
LINK = "created_at expires_at used_at revoked_at"

REGISTER = DataRegister(
    held=(
        HeldData(
            model="cards.Card",
            whose=HOLDER,
            purpose=CARD_USE,
            personal="holder_name holder_hash number number_hash passport_number passport_hash"
            " issued_on card_until passport_until ends_on custody_note",
            plain="status custody first_end_on next_radar_on created_at version",
            words={
                "holder_hash": "姓名的散列",
                "number_hash": "卡号的散列",
                "passport_hash": "护照号码的散列",
                "custody_note": "卡在哪里的说明",
            },
        ),
        HeldData(
            model="cards.CardEvent",
            whose=HOLDER,
            purpose=CARD_USE,
            personal="actor detail",
            plain="kind effective_at recorded_at nonce ok reason_code",
            words={"actor": "谁做的", "detail": "卡片记录的说明"},
        ),
        HeldData(
            model="cards.CardPage",
            whose=HOLDER,
            purpose=CARD_USE,
            personal="file",
            plain=f"{PAGE} side",
            sensitive="file",
            words={"file": "卡片正反面的照片"},
        ),
        HeldData(
            model="cards.Breach",
            whose=HOLDER,
            purpose=CARD_DUTY,
            personal="person facts statement outcome",
            plain="kind happened_on statement_by stated_at created_at closed_at",
        ),
        HeldData(
            model="cards.BreachPage",
            whose=HOLDER,
            purpose=CARD_DUTY,
            personal="file",
            plain=f"{PAGE} by_enterprise",
            words={"file": "违规的证据"},
        ),
        HeldData(
            model="cards.Measure",
            whose=HOLDER,
            purpose=CARD_DUTY,
            personal="words review_words lift_words",
            plain="kind starts_on ends_on review_on decided_at reviewed_at lifted_at",
            words={
                "words": "措施的内容",
                "review_words": "复核的说明",
                "lift_words": "解除的说明",
            },
        ),
        HeldData(
            model="cards.Filing",
            whose=HOLDER,
            purpose=CARD_USE,
            personal="national_number collected_by",
            plain="stage stage_on registered_on filed_on returned_on accepted_on paid_on"
            " invoiced_on passed_on printed_on ready_on ready_place collected_on issued_on"
            " stopped_on granted_count invoice_due_on last_entry_at has_card next_nudge_on",
        ),
        HeldData(
            model="cards.FilingEvent",
            whose=HOLDER,
            purpose=CARD_USE,
            personal="words facts",
            plain="step from_stage to_stage on source at nonce",
            words={"words": "登记时写的话", "facts": "登记的内容（领卡人等）"},
        ),
        HeldData(
            model="cards.FilingPage",
            whose=HOLDER,
            purpose=CARD_USE,
            personal="file",
            plain=PAGE,
            words={"file": "填报、缴费的凭证"},
        ),
        HeldData(
            model="cards.EconomyApproval",
            whose=HOLDER,
            purpose=CARD_USE,
            personal="state words",
            plain="economy on valid_until source at superseded_at",
            words={"state": "各经济体批准或拒绝", "words": "审批情况的说明"},
        ),
        HeldData(
            model="cards.HolderLink",
            whose=HOLDER,
            purpose=CARD_USE,
            personal="token_hash",
            plain="created_at revoked_at",
            words={"token_hash": "持卡人链接的散列"},
        ),
        HeldData(
            model="cards.ManagementRules",
            whose=USERS,
            purpose=CARD_DUTY,
            personal="keeper text",
            plain="version way place return_days loss leaving template_version in_force_since"
            " created_at",
            words={"keeper": "保管人", "text": "管理办法的文字"},
        ),
        HeldData(
            model="cards.RulesPage",
            whose=USERS,
            purpose=CARD_DUTY,
            personal="file",
            plain=PAGE,
            words={"file": "管理办法的扫描件"},
        ),
        HeldData(
            model="cards.CollectionLetter",
            whose=USERS,
            purpose=CARD_DUTY,
            personal="collector post id_number phone holders text",
            plain="collects_on text_version created_at",
            words={"holders": "领谁的卡", "text": "领卡承诺函的文字"},
        ),
        HeldData(
            model="cards.Keeper",
            whose=USERS,
            purpose=CARD_DUTY,
            personal="name post phone",
            plain="since ended_on created_at",
        ),
        HeldData(
            model="cards.Lending",
            whose=USERS,
            purpose=CARD_DUTY,
            personal="borrower purpose economies trip_ends_on out_way back_way back_note",
            plain="return_by out_at out_confirmed_at back_at back_confirmed_at remind_on"
            " station_told_on nonce created_at",
            words={
                "economies": "去哪些经济体",
                "out_way": "怎样确认领走",
                "back_way": "怎样确认归还",
                "back_note": "归还时的说明",
                "purpose": "领用事由",
                "trip_ends_on": "行程结束的日子",
            },
        ),
        HeldData(
            model="cards.ConfirmationLink",
            whose=USERS,
            purpose=CARD_DUTY,
            personal="token_hash",
            plain=f"what {LINK}",
            words={"token_hash": "领用确认链接的散列"},
        ),
        HeldData(
            model="cards.PeriodReport",
            whose=USERS,
            purpose=CARD_DUTY,
            personal="rows remarks file",
            plain="sequence filled_at sent_at remind_on version",
            words={
                "rows": "登记表的各行（领用人、事由）",
                "remarks": "备注",
                "file": "报送的登记表",
            },
        ),
        HeldData(
            model="cards.CardRequest",
            whose=HOLDER,
            purpose=CARD_USE,
            personal="words",
            plain="done_on",
            words={"words": "申请换卡、补卡等的情况说明"},
        ),
        HeldData(
            model="cards.LossReport",
            whose=HOLDER,
            purpose=CARD_DUTY,
            personal="how last_holder where",
            plain="noticed_at reported_at found_at",
            words={"how": "怎样丢失", "last_holder": "最后拿卡的人", "where": "在哪里丢失"},
        ),
        HeldData(
            model="cards.Cancellation",
            whose=HOLDER,
            purpose=CARD_DUTY,
            personal="handed_in_by without_card",
            plain="happened_on due_on reported_at handed_in_on received_at completed_on dropped_at"
            " next_reminder_on version",
            words={"handed_in_by": "交卡的人", "without_card": "交不回卡的原因"},
        ),
        HeldData(
            model="cards.Visit",
            whose=USERS,
            purpose=CARD_DUTY,
            personal="person_met summary checklist",
            plain="kind why cause due_on planned_for done_on dropped_at drop_words created_at"
            " version",
            words={"checklist": "回访核对的各项"},
        ),
        HeldData(
            model="cards.VisitPage",
            whose=USERS,
            purpose=CARD_DUTY,
            personal="file",
            plain=PAGE,
            words={"file": "回访的照片"},
        ),
        HeldData(
            model="cards.VisitFinding",
            whose=USERS,
            purpose=CARD_DUTY,
            personal="words",
            plain="due_on answered_at closed_at remind_on created_at",
            words={"words": "回访发现的问题"},
        ),
        HeldData(
            model="cards.FindingEntry",
            whose=USERS,
            purpose=CARD_DUTY,
            personal="words",
            plain="kind at",
            words={"words": "整改的说明"},
        ),
        HeldData(
            model="cards.FindingPage",
            whose=USERS,
            purpose=CARD_DUTY,
            personal="file",
            plain=PAGE,
            words={"file": "整改的照片"},
        ),
        HeldData(
            model="cards.FeedbackLink",
            whose=HOLDER,
            purpose=CARD_USE,
            personal="token_hash",
            plain=LINK,
            words={"token_hash": "反馈链接的散列"},
        ),
        HeldData(
            model="cards.Feedback",
            whose=HOLDER,
            purpose=CARD_USE,
            personal="economies gate trouble origin",
            plain="given_at",
            words={
                "economies": "用卡去过的经济体",
                "gate": "通关的情况",
                "trouble": "遇到的问题",
                "origin": "来源地址",
            },
        ),
    ),
    none="cards.CardEconomy cards.RadarMark cards.ReportPeriod cards.StationText"
    " cards.FilingEvent_reasons",
)
