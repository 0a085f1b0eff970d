from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "enterprises"
    verbose_name = "企业"
    personal_data = "enterprises.personal_data.REGISTER"
    calendar_follower = "enterprises.time_limits.VerificationDeadlines"
    mailbox_follower = "enterprises.time_limits.settle_waiting_of"
    open_work = "enterprises.open_work.ContactOfEnterprise"
    import_kinds = "enterprises.ledger.importing.LedgerImport"
    audit_subjects = "enterprises.audit_subjects.subjects"
    audit_labels = {
        "enterprise.sign_up": "企业注册",
        "enterprise.release": "无人确认的登记让出信用代码",
        "enterprise.download": "下载本单位的全部资料",
        "enterprise.invite_agent": "邀请经办人",
        "enterprise.begin_hand_over": "发起经办移交",
        "enterprise.object_hand_over": "对经办移交提出异议",
        "enterprise.drop_hand_over": "取消经办移交",
        "enterprise.hand_over": "经办移交生效",
        "enterprise.view_proof": "查看移交的授权文件",
        "enterprise.change": "修改企业信息",
        "enterprise.verify": "核验企业，通过",
        "enterprise.refuse": "核验企业，未通过",
        "enterprise.move_deadline": "核验时限随日历改变",
        "enterprise.suspend": "暂停企业申办，或恢复",
        "enterprise.reveal": "查看企业联系电话",
        "enterprise.confirm_licence": "确认营业执照内容以填写的为准",
        "demand.add": "列入需求台账",
        "demand.change": "修改台账的一户",
        "demand.move": "台账的阶段改变",
        "demand.claim": "登记的企业找到自己的台账",
        "demand.reveal": "查看台账里的联系电话",
        "demand.export": "导出需求台账",
        "demand.note": "记下与企业的联系",
        "document.add_page": "上传企业材料",
        "document.refuse": "企业材料检查未通过",
        "document.state": "填写企业材料的日期",
        "document.move_page": "调整企业材料页序",
        "document.remove_page": "删除企业材料",
        "document.restore_page": "放回删除的企业材料",
    }
    audit_keys = {
        "sha256": "文件校验值（SHA-256）",
        "page": "页",
        "place": "放到第几页",
        "pages": "页数",
        "effective": "生效时间",
        "agent": "账户编号",
        "entries": "文件数",
        "valid_until": "用到哪一天",
    }
