"""What the audit trail calls this room's actions, one dictionary a part."""

FILING = {
    "package.download": "下载国家系统材料包",
    "filing.registered": "登记：国家系统账户可用",
    "filing.filed": "登记：已在国家系统提交",
    "filing.returned": "登记：市外办退回",
    "filing.refiled": "登记：修改后重新提交",
    "filing.accepted": "登记：市外办审核通过",
    "filing.paid": "登记：已缴费",
    "filing.receipt": "补传缴费凭证",
    "filing.invoiced": "登记：收到发票",
    "filing.passed": "登记：外交部审核通过",
    "filing.printed": "登记：已制卡",
    "filing.ready": "登记：可以领卡",
    "filing.collected": "登记：已领卡",
    "filing.issued": "登记：已交付持卡人",
    "filing.stopped": "登记：国家系统办理终止",
    "filing.economies": "登记各经济体审批情况",
    "filing.view_page": "查看填报凭证",
    "filing.taken_back": "撤销填报进度登记",
}
FILING_KEYS = {
    "stage": "进度",
    "on": "日期",
    "step": "登记的事项",
    "source": "来源",
    "economies": "经济体",
}
HOLDING = {
    "card.issue": "登记商务旅行卡",
    "card.mark": "登记卡片事件",
    "card.reveal": "查看卡片的完整号码",
    "card.view": "查看卡片照片",
}
HOLDING_KEYS = {
    "event": "事件",
    "ok": "办成",
    "economies": "经济体",
    "side": "哪一面",
}
RENEWALS = {
    "service.words": "写明服务的原因和经过",
    "service.done": "登记服务已在国家系统办妥",
    "service.letter": "下载服务的函件",
    "loss.report": "挂失商务旅行卡",
    "loss.found": "登记卡找回",
    "cancellation.report": "报告卡要注销",
    "cancellation.receive": "收卡并开回执",
    "cancellation.excuse": "写明卡交不回的原因",
    "cancellation.complete": "登记卡已注销",
    "cancellation.drop": "注销不再办理",
    "cancellation.receipt": "下载收卡回执",
}
RENEWALS_KEYS = {
    "how": "遗失还是被盗",
    "due_on": "期限",
    "letter": "函件",
}
DUTY = {
    "duty.text": "修改服务站文本",
    "duty.rules": "登记用卡管理办法",
    "duty.keeper": "登记卡片保管人",
    "duty.keeper_end": "结束保管",
    "duty.letter": "填写领卡承诺函",
    "duty.print": "打印管理办法或承诺函",
    "duty.give_link": "给领用人确认链接",
    "duty.report_fill": "从登记簿生成登记表",
    "duty.report_correct": "更正登记表",
    "duty.report_send": "报送登记表",
    "duty.report_again": "更正后重新报送登记表",
    "duty.report_read": "打开报送的登记表",
    "duty.report_remind": "提醒企业报送登记表",
    "duty.reveal": "查看未报送企业的电话",
    "duty.breach": "登记违规",
    "duty.statement": "企业对违规作出说明",
    "duty.measure": "决定违规措施",
    "duty.measure_review": "复查违规措施",
    "duty.measure_lift": "解除违规措施",
    "duty.breach_close": "办结违规",
    "duty.view_page": "查看用卡管理的图片",
}
FOLLOWUP = {
    "followup.plan": "列入回访计划",
    "followup.arrange": "安排回访",
    "followup.checks": "填写回访检查清单",
    "followup.pictures": "上传回访照片",
    "followup.finish": "完成回访",
    "followup.drop": "取消回访",
    "followup.finding": "提出整改要求",
    "followup.answer": "企业答复整改",
    "followup.ask_again": "要求继续整改",
    "followup.close": "整改销号",
    "followup.feedback_link": "给持卡人反馈链接",
    "followup.feedback": "持卡人反馈",
}
DUTY_KEYS = {
    "enterprises": "企业",
    "cards": "卡数",
    "gate": "通关快慢",
    "why": "缘由",
    "sequence": "第几次报送",
    "files": "文件数",
}
