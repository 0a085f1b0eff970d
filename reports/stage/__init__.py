"""The stage report (阶段性工作报告): figures of a period beside those of the period before."""
