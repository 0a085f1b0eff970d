"""工作推进: the plan's phases, tasks, meetings and talks with the city, and where they stand."""
