"""Open work of an agent in his enterprise: being the person whom the station calls."""

from accounts.models import User
from enterprises.models import Enterprise


class ContactOfEnterprise:
    """What `accounts.open_work` asks about an agent; nobody has to be chosen for this."""

    def words(self, person: User) -> str:
        return ""

    def heirs(self, person: User) -> list[User]:
        return []

    def gap(self, person: User) -> str:
        return ""

    def hand_on(self, person: User, *, to: User | None, by: User) -> None:
        """The contact that the enterprise gave is replaced with him, by who takes over."""
        enterprise = Enterprise.objects.filter(agents__user=person).first()
        if enterprise is None or enterprise.contact_name != person.name:
            return
        next_one = to or enterprise.people().exclude(pk=person.pk).order_by("pk").first()
        if next_one is not None:
            enterprise.contact_name, enterprise.contact_phone = next_one.name, next_one.phone
            enterprise.version += 1
            enterprise.save(update_fields=["contact_name", "contact_phone", "version"])
