"""A process that is ready: Python, Qt and the shell are imported, nothing is opened; it forks a window when asked.

``launcher`` asks it and stands for the window in the terminal, ``seed`` is the process, ``child`` turns a copy of it
into the window, ``keep`` starts it behind the first window. Linux alone; elsewhere, and whenever something is odd, a
start goes on without it.
"""
