"""企业申办档案: all of an enterprise on one page, and as a ZIP."""
