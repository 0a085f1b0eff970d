"""Early printing (提前制卡): what would be missing on the card, and what it costs.

Facts of the field: the back bears what is approved by then and no more; a later print is a new
request, the old card is cancelled, and the fee is due again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from applications.models import Application, Material
from cards.filing.board import Board, EconomyCell, board_of
from cards.models import Filing
from cards.workflow import Stage
from enterprises.models import Demand
from materials.economies import NAMES
from materials.kinds.dealings import EVIDENCE
from materials.numbers import MaterialNumber
from parameters.models import ParameterValue
from parameters.values import load_parameters


@dataclass(frozen=True)
class Dealing:
    """An economy with which the enterprise deals, and where that is known from."""

    code: str
    where: str

    @property
    def name(self) -> str:
        return NAMES[self.code]


@dataclass(frozen=True)
class Decision:
    filing: Filing
    board: Board
    dealings: Sequence[Dealing]
    fee: ParameterValue

    @property
    def missing_dealt_with(self) -> list[Dealing]:
        missing = {cell.code for cell in self.board.missing}
        return [dealing for dealing in self.dealings if dealing.code in missing]

    @property
    def missing_others(self) -> list[EconomyCell]:
        dealt_with = {dealing.code for dealing in self.dealings}
        return [cell for cell in self.board.missing if cell.code not in dealt_with]

    @property
    def obstacle(self) -> str:
        """Why there is nothing to decide now; empty where there is."""
        if self.filing.at in {Stage.PRINTED, Stage.READY, Stage.COLLECTED, Stage.ISSUED}:
            return "卡已经制好了，不用再申请提前制卡。"
        if not self.filing.is_open:
            return "这件申请在国家系统不再办理。"
        if not self.board.granted:
            return "还没有一个经济体批准。至少有一个经济体批准之后，才能申请提前制卡。"
        if not self.board.missing:
            return "16个经济体都已批准，等外交部制卡，不用申请提前制卡。"
        return ""

    @property
    def advice(self) -> str:
        """What it comes to, in one sentence."""
        if self.obstacle:
            return self.obstacle
        names = "、".join(dealing.name for dealing in self.missing_dealt_with)
        if names:
            return (
                f"还缺贵单位往来的{names}。现在制卡，持卡人去{names}仍要另办签证；"
                f"以后要加上，得重新制卡，再缴{self.fee.words}。建议再等。"
            )
        if not self.dealings:
            return (
                "本站没有贵单位与哪个经济体往来的记录（材料5由审核表替代，台账里也没有）。"
                "请自己核对缺的经济体里有没有常去的。"
            )
        return "贵单位往来的经济体都已批准，缺的都不是。急用的，可以申请提前制卡。"


def decision_of(application: Application) -> Decision:
    filing = Filing.of(application)
    filing.application = application
    fee = load_parameters().row("cards.fee")
    return Decision(filing, board_of(filing), dealings_of(application), fee)


def dealings_of(application: Application) -> list[Dealing]:
    """The economies of the enterprise's proofs of business, its newest proof of each, then those
    that the station's ledger knows of besides."""
    proofs = Material.objects.filter(
        application__enterprise=application.enterprise_id, number=MaterialNumber.DEALINGS
    ).exclude(application__status__in=["draft", "withdrawn"])
    found: dict[str, Dealing] = {}
    for proof in proofs.select_related("application__applicant").order_by("-pk")[:200]:
        code = proof.facts.get("economy", "")
        if code in NAMES and code not in found:
            evidence = EVIDENCE.get(proof.facts.get("evidence", ""), "业务往来证明")
            whose = proof.application.applicant.name
            found[code] = Dealing(code, f"材料5（{whose}的申请，{evidence}）")
    for codes in Demand.objects.filter(enterprise=application.enterprise_id).values_list(
        "economies", flat=True
    ):
        for code in codes:
            if code in NAMES and code not in found:
                found[code] = Dealing(code, "服务站的需求台账")
    return list(found.values())
