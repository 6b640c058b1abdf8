"""The shell's boot agents: one module each, called by the boot queue through ``run_agent(queue)``."""
