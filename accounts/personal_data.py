"""What accounts, sessions, sign-in logs and the audit trail hold of people."""

from core.personal_data import ACCOUNT, SESSION, SIGN_IN, TRAIL, DataRegister, DataSubject, HeldData

PEOPLE = (DataSubject.STAFF, DataSubject.AGENT)
LOG_WORDS = {
    "user_agent": "浏览器",
    "ip_address": "来源地址",
    "username": "登录名（散列或所填的）",
    "http_accept": "浏览器接受的格式",
    "path_info": "访问的页面",
    "session_hash": "会话的散列",
    "get_data": "登录请求的参数（遮盖）",
    "post_data": "登录请求的内容（遮盖）",
}

REGISTER = DataRegister(
    held=(
        HeldData(
            model="accounts.User",
            whose=PEOPLE,
            purpose=ACCOUNT,
            personal="username name email wanted_email phone duties password last_login",
            plain="role is_also_officer is_primary is_active email_confirmed_at session_round"
            " must_change_password password_set_at idle_asked_at version created_at",
            words={"password": "密码的散列（查不回原密码）", "last_login": "上次登录时间"},
        ),
        HeldData(
            model="accounts.FormerPassword",
            whose=PEOPLE,
            purpose=SIGN_IN,
            personal="password",
            plain="replaced_at",
            words={"password": "以前密码的散列（查不回原密码）"},
        ),
        HeldData(
            model="accounts.Passkey",
            whose=PEOPLE,
            purpose=SIGN_IN,
            personal="name credential credential_hash used_at",
            plain="counter transports created_at",
            words={"credential_hash": "通行密钥的散列"},
        ),
        HeldData(
            model="accounts.OwnSession",
            whose=PEOPLE,
            purpose=SESSION,
            personal="key key_hash device origin began_at",
            words={"key": "会话", "key_hash": "会话的散列"},
        ),
        HeldData(
            model="accounts.OutsideIdentity",
            whose=PEOPLE,
            purpose=SIGN_IN,
            personal="issuer subject subject_hash",
            plain="bound_at",
            words={"subject_hash": "平台中编号的散列"},
        ),
        HeldData(
            model="accounts.AccountRequest",
            whose=(DataSubject.STAFF,),
            purpose=ACCOUNT,
            personal="wanted reason",
            plain="kind seen_version asked_at decided_at is_agreed",
            words={"wanted": "要建或要改的账户信息", "reason": "不同意的原因"},
        ),
        HeldData(
            model="accounts.RateCount",
            whose=(DataSubject.VISITOR,),
            purpose=SESSION,
            personal="key",
            plain="starts_at count",
            words={"key": "访问来源的散列"},
        ),
        HeldData(
            model="accounts.ReauthenticationFailure",
            whose=PEOPLE,
            purpose=SIGN_IN,
            personal="origin",
            plain="at counts",
            words={"origin": "来源地址"},
        ),
        HeldData(
            model="accounts.AuditEvent",
            whose=(*PEOPLE, DataSubject.APPLICANT),
            purpose=TRAIL,
            personal="actor_label object_label origin before after",
            plain="at action object_type object_id",
        ),
        HeldData(
            model="axes.AccessLog",
            whose=PEOPLE,
            purpose=SIGN_IN,
            personal="user_agent ip_address username http_accept path_info session_hash",
            plain="attempt_time logout_time",
            words=LOG_WORDS,
        ),
        HeldData(
            model="axes.AccessFailureLog",
            whose=PEOPLE,
            purpose=SIGN_IN,
            personal="user_agent ip_address username http_accept path_info",
            plain="attempt_time locked_out",
            words=LOG_WORDS,
        ),
        HeldData(
            model="axes.AccessAttempt",
            whose=PEOPLE,
            purpose=SIGN_IN,
            personal="user_agent ip_address username http_accept path_info get_data post_data",
            plain="attempt_time failures_since_start",
            words=LOG_WORDS,
        ),
        HeldData(
            model="sessions.Session",
            whose=PEOPLE,
            purpose=SESSION,
            personal="session_key session_data",
            plain="expire_date",
            words={"session_key": "会话的编号", "session_data": "会话的内容"},
        ),
        HeldData(
            model="otp_totp.TOTPDevice",
            whose=PEOPLE,
            purpose=SESSION,
            personal="key",
            plain="name confirmed throttling_failure_timestamp throttling_failure_count created_at"
            " last_used_at step t0 digits tolerance drift last_t",
            words={"key": "第二重验证的密钥"},
        ),
    ),
    none="accounts.PasskeyChallenge accounts.RecoveryCode accounts.Department accounts.SigningLock"
    " accounts.AuditSeal axes.AccessAttemptExpiration",
)
