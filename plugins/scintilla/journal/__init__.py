"""What was typed in a file: kept on the disk as it is typed, so that nothing of it is lost and all can be undone later.

``history`` is the model of what can be undone, ``record`` how changes lie in a file, ``store`` that file, ``writer``
the thread that writes it, ``keeper`` what joins an editor to it. Only ``keeper`` knows Scintilla.
"""
