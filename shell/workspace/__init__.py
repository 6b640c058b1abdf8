"""Windows as they stood: kept by name as workspaces, and by every process for the case that it is killed.

``view`` keeps one view, ``window`` one window, ``store`` the workspaces, ``journal`` what a process has open now,
``left`` what waits for a window that is being opened, ``opening`` brings windows back.
"""
