from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = "审核"
    personal_data = "reviews.personal_data.REGISTER"
    station_parts = ("reviews.station.DepartmentsPart",)
    open_work = "reviews.open_work.OpinionsOfLiaison"
    calendar_follower = "reviews.calendar_changes.TableDeadlines"
    notice_conditions = {
        "reviews.in_hand": "reviews.still_needed.out_of_hand",
        "reviews.unsigned": "reviews.still_needed.signed",
        "reviews.open": "reviews.still_needed.closed",
        "reviews.reminder": "reviews.still_needed.no_longer_due",
    }

    unrecorded = ("NumberSequence", "WetScanPage")
    audit_subjects = "reviews.audit_subjects.subjects"
    audit_labels = {
        "review.circulate": "送出审核表",
        "review.pause": "计时暂停",
        "review.resume": "计时恢复",
        "review.recall": "撤回审核表",
        "review.void": "审核表作废",
        "opinion.draft": "保存意见草稿",
        "opinion.sign": "签署意见",
        "opinion.paper": "按盖章件录入意见",
        "opinion.self_check": "签名自检没有通过",
        "review.self_check": "服务站签名自检没有通过",
        "revision.altered": "存档文件与登记的不一致",
        "opinion.assign": "意见换人办理",
        "leave.enter": "登记休假",
        "leave.cancel": "取消休假",
        "phrase.add": "添加常用语",
        "phrase.change": "修改常用语",
        "personal.reveal": "查看审核表上的号码",
        "table.view": "查看审核表图片",
        "scan.upload": "上传盖章扫描件",
        "scan.confirm": "确认盖章扫描件",
        "scan.remove": "删除盖章扫描件",
        "scan.restore": "放回盖章扫描件",
        "scan.view": "查看盖章扫描件",
        "table.download": "下载审核表",
        "review.move_deadlines": "时限随日历改变",
        "opinion.chase": "催办",
        "feed.give": "创建日历订阅地址",
        "feed.revoke": "作废日历订阅地址",
    }
    audit_keys = {
        "sequence": "版本",
        "scan": "扫描件",
        "is_code_read": "已读出二维码",
        "pages": "页数",
        "page": "页",
        "round": "轮次",
        "unread": "没有逐条核对就送审的材料（0为填写的信息）",
        "number": "编号",
        "items": "材料编号",
        "days": "日期",
        "moved": "改变的时限数",
        "moment": "应发时间",
        "serial": "证书序列号",
        "what": "查看的内容",
        "as": "格式",
        "why": "缘由",
        "reason": "原因",
        "assignee": "经办人",
        "files": "图片张数",
    }
