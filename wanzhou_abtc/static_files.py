"""Storage of static files: each named by its content, also where a script imports another."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's, with Django's rewriting of `import … from "./name.js";` (ADR 0024)."""

    support_js_module_import_aggregation = True
