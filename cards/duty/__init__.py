"""The enterprise's own duty (主体责任): rules, keeper, register of use, reports, breaches."""
