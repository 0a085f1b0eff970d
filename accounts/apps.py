from django.apps import AppConfig, apps

from core.fields import LibraryHexField, LibraryTextField, seal_library_column


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "账户与审计"
    personal_data = "accounts.personal_data.REGISTER"
    unrecorded = (
        "AccountRequest", "FormerPassword", "OutsideIdentity", "OwnSession", "PasskeyChallenge",
        "RateCount", "ReauthenticationFailure", "RecoveryCode",
    )  # fmt: skip
    audit_labels = {
        "account.sign_in": "登录",
        "account.sign_out": "退出",
        "account.idle_sign_out": "久未操作，自动退出",
        "account.sign_in_failed": "登录失败",
        "account.sign_in_locked": "登录失败次数过多，锁定登录",
        "account.unlock_sign_in": "解除登录锁定",
        "account.signing_locked": "身份核验失败次数过多，锁定签署",
        "account.lift_signing_lock": "解除签署锁定",
        "account.confirm_email": "确认邮箱",
        "account.ask_mailbox": "申请更改邮箱",
        "account.drop_mailbox": "取消更改邮箱",
        "account.close": "注销经办人账户",
        "account.change_password": "修改密码",
        "account.ask_reset": "忘记密码，申请重设",
        "account.reset_password": "凭邮件链接重设密码",
        "account.change_details": "修改本人信息",
        "account.second_factor_on": "启用第二重验证",
        "account.second_factor_off": "停用第二重验证",
        "account.second_factor_reset": "重置第二重验证",
        "account.passkey_added": "添加通行密钥",
        "account.passkey_removed": "移除通行密钥",
        "account.passkey_copied": "通行密钥的使用次数倒退，拒绝",
        "account.recovery_codes": "生成备用恢复码",
        "account.recovery_code_used": "使用备用恢复码",
        "account.end_session": "结束自己的一处登录",
        "account.end_other_sessions": "结束自己的其他登录",
        "account.close_idle": "久未登录，停用账户",
        "account.sign_on": "统一身份认证确认身份",
        "account.bind_sign_on": "关联统一身份认证",
        "account.unbind_sign_on": "解除统一身份认证的关联",
        "account.choose_role": "切换身份",
        "account.create": "新建账户",
        "account.change": "修改账户",
        "account.issue_password": "让本人重新设置密码",
        "account.ask_second_person": "提出账户申请，等人复核",
        "account.agree": "复核同意账户申请",
        "account.disagree": "复核不同意账户申请",
        "account.accept_invitation": "凭邀请链接设置密码",
        "station.init": "按文件设置服务站",
        "audit.check": "核对审计记录",
        "audit.export": "导出审计记录",
    }
    audit_keys = {
        "second_factor": "第二重验证",
        "way": "验证方式",
        "idle_days": "未登录天数",
        "device": "设备",
        "sessions": "登录数",
        "left": "剩余",
        "failures": "失败次数",
        "known_device": "本人登录过的设备",
        "until": "锁定到",
        "reason": "原因",
        "fields": "修改的项目",
        "filters": "筛选条件",
        "outcome": "结果",
        "what": "事项",
        "unlocked": "同时解除登录锁定",
    }

    def ready(self) -> None:
        # Keys of the second factor and sessions are the libraries' tables (ADR 70).
        seal_library_column(apps.get_model("otp_totp.TOTPDevice"), "key", LibraryHexField)
        seal_library_column(apps.get_model("sessions.Session"), "session_data", LibraryTextField)
