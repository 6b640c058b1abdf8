"""A command run in the open window from outside, whole process, beside other programs that ask a running one."""
