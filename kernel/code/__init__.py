"""Code of apps: modules that are imported from the files of a release, beside each other and behind everything else.

``tree`` is the files, ``module_map`` which of them are modules, ``app_code`` the modules of one release, ``finder``
what Python asks for them, ``compiled`` their compiled code. Nothing here knows where the files come from.
"""
