from django.apps import AppConfig


class ParametersConfig(AppConfig):
    name = "parameters"
    verbose_name = "参数"
    personal_data = "parameters.personal_data.REGISTER"
    station_parts = ("parameters.station.ParametersPart",)
    audit_labels = {
        "parameter.change": "修改参数",
        "parameter.withdraw": "撤回还没有生效的参数",
    }
    audit_keys = {
        "code": "参数代码",
        "value": "数值",
        "valid_from": "从哪天起",
        "source": "来源",
    }
