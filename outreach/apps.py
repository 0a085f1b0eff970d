from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "outreach"
    verbose_name = "宣传与咨询"
    unrecorded = ("ArticlePost", "ArticleReading", "ArticleVersion", "PreCheck", "QuestionVersion")
    audit_labels = {
        "flow.begin": "新建资格自测的草稿",
        "flow.change": "修改资格自测的草稿",
        "flow.drop": "删除资格自测的草稿",
        "flow.publish": "发布资格自测",
        "case.pre_check": "记下资格预审",
        "call_back.ask": "请求回电",
        "call_back.close": "记下回电",
        "call_back.reveal": "查看回电号码",
        "consultation.ask": "公众提问",
        "consultation.answer": "答复咨询",
        "consultation.take": "记下咨询",
        "consultation.sort": "给咨询分主题、对上单位",
        "consultation.hand": "转办咨询",
        "consultation.reply": "部门回复咨询",
        "consultation.draft": "把咨询记为常见问题草稿",
        "topic.save": "修改咨询主题",
        "consultation.reveal": "查看咨询人的电话",
        "article.begin": "写一篇文章",
        "article.change": "修改文章",
        "article.ask_check": "文章交复核",
        "article.send_back": "文章退回修改",
        "article.publish": "发布文章",
        "article.withdraw": "撤下文章",
        "article.spread": "重要文章传达给企业",
        "article.post": "记下文章已发公众号、企业群",
        "article.chase": "提醒企业阅读文章",
        "article.read": "企业确认已读文章",
        "plan.phase": "修改方案的阶段",
        "plan.task": "修改推进任务",
        "plan.meeting": "记下研判会议",
        "plan.talk": "记下与市里的对接",
        "question.save": "修改常见问题",
    }
    audit_keys = {
        "valid_from": "从哪天起",
        "word": "结论",
        "shown_from": "哪天发布",
        "enterprises": "企业数",
        "version": "版本",
        "to": "转给",
    }
