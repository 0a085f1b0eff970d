from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="KeyInUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("field", "字段"), ("file", "文件"), ("hash", "散列")],
                        max_length=5,
                        verbose_name="用途",
                    ),
                ),
                ("key_id", models.CharField(max_length=64, verbose_name="编号")),
                ("proof", models.TextField(verbose_name="凭据")),
                ("since", models.DateTimeField(auto_now_add=True, verbose_name="启用时间")),
            ],
            options={"verbose_name": "在用的密钥", "ordering": ["kind", "pk"]},
        ),
        migrations.AddConstraint(
            model_name="keyinuse",
            constraint=models.UniqueConstraint(fields=("kind", "key_id"), name="key_in_use_once"),
        ),
    ]
