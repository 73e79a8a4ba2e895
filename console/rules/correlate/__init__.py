"""Many signals, one incident: what belongs together by place, time, type and what ties places together."""
