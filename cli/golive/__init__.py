"""Going live: the load, the season and the readiness list, judged as one."""
