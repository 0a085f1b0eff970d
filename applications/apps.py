from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "申请"
    calendar_follower = "applications.time_limits.ApplicationDeadlines"
    notice_conditions = {"applications.newest_move": "applications.announcements.overtaken"}
    open_work = "applications.open_work.ApplicationsOfAgent"
    audit_subjects = "applications.audit_subjects.subjects"
    audit_labels = {
        "applicant.create": "新增申请人",
        "applicant.change": "修改申请人",
        "applicant.reveal": "查看申请人号码",
        "applicant.passport": "先上传申请人的护照",
        "applicant.passport_view": "查看先上传的护照",
        "application.create": "新建申请",
        "application.open": "打开预审页",
        "application.submit": "提交申请",
        "application.return": "退回补正",
        "application.resubmit": "补正后提交",
        "application.decline": "不予办理",
        "application.circulate": "送部门审核",
        "application.ask_supplement": "要求补充材料",
        "application.supplement": "提交补充材料",
        "application.drop_supplement": "取消补充要求",
        "application.recall": "撤回审核表，退回企业改正",
        "application.conclude": "审核办结",
        "application.withdraw": "企业撤回申请",
        "application.move_deadline": "申请的时限随日历改变",
        "material.add_page": "上传材料",
        "material.remove_page": "删除材料",
        "material.restore_page": "放回删除的材料",
        "material.move_page": "调整材料页序",
        "mend.offer": "留下未通过的图片待裁剪",
        "mend.reject": "不采用自动裁剪",
        "material.reuse": "沿用本单位其他申请的材料",
        "material.choose": "选择是否由审核表替代",
        "material.facts": "填写材料的说明",
        "material.compare": "人工核对材料与填写的内容",
        "material.refuse": "材料检查未通过",
        "material.view": "查看材料原件",
        "correction.note": "记下要补正的问题",
        "correction.say_read": "确认其余各项也看过",
        "correction.drop": "删去要补正的问题",
        "correction.answer": "回复补正要求",
        "document.name_applicants": "填写公函写明的申请人",
        "letter.download": "下载一次性告知书",
        "return_reason.create": "增加退回原因",
        "return_reason.change": "修改退回原因",
    }
    audit_keys = {
        "material": "材料编号",
        "bytes": "文件大小（字节）",
        "codes": "问题代码",
        "place": "放到第几页",
        "materials": "材料编号",
        "by_table": "由审核表替代",
        "correction": "补正编号",
        "words": "内容",
        "application": "申请编号",
        "applicants": "写明的申请人",
        "reason": "退回原因",
        "defect": "哪里不对",
        "mend": "怎么改",
        "is_active": "使用中",
    }
